using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Something that lives as long as a call. The container disposes of what it has registered, the lease of the rest.</summary>
internal readonly struct Lease<T>(T value, bool isOwned) : IAsyncDisposable
    where T : class
{
    public T Value => value;

    public ValueTask DisposeAsync()
    {
        if (!isOwned)
            return ValueTask.CompletedTask;
        if (value is IAsyncDisposable disposable)
            return disposable.DisposeAsync();

        (value as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}

internal static class ServiceLease<TService>
    where TService : class
{
    private static readonly Lazy<ObjectFactory> Factory = new(() => ActivatorUtilities.CreateFactory(typeof(TService), []));

    public static Lease<TService> Create(IServiceProvider services) => services.GetService<TService>() is { } registered
        ? new Lease<TService>(registered, isOwned: false)
        : new Lease<TService>((TService)Factory.Value(services, []), isOwned: true);
}
