using Grpc.Core;
using Microsoft.Extensions.Hosting;
using VaeCluster.Contracts;
using VaeCluster.Silo.Services;

namespace VaeCluster.Silo.Tests.Services;

public sealed class CallLimitInterceptorTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly Lifetime _lifetime = new();
    private readonly CallLimitInterceptor _interceptor;
    private readonly TaskCompletionSource _blocked = new();

    public CallLimitInterceptorTests() => _interceptor = new CallLimitInterceptor(_lifetime);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _interceptor.Dispose();
        _lifetime.Stopping.Dispose();
    }

    [Fact]
    public async Task Streams_BeyondTheLimit_AreRefused_UntilOthersEnd()
    {
        var open = Enumerable.Range(0, ApiLimits.StreamsMax).Select(_ => StreamAsync(_blocked.Task)).ToList();

        var e = await Assert.ThrowsAsync<LimitException>(() => StreamAsync(Task.CompletedTask));

        Assert.StartsWith("256 streams are open on this silo, which is the most that it serves at once.", e.Message, StringComparison.Ordinal);
        _blocked.SetResult();
        await Task.WhenAll(open);
        await StreamAsync(Task.CompletedTask);
    }

    [Fact]
    public async Task Calls_ThatAreBlocked_EndSoonAfterTheSiloIsAskedToStop()
    {
        var stream = StreamAsync(_blocked.Task);
        var unary = _interceptor.UnaryServerHandler<string, string>("", null!, async (_, _) =>
        {
            await _blocked.Task;
            return "";
        });

        await _lifetime.Stopping.CancelAsync();

        foreach (var call in new[] { stream, unary })
            Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(Soon, Token))).StatusCode);
    }

    private Task StreamAsync(Task until) => _interceptor.ServerStreamingServerHandler<string, string>("", null!, null!, (_, _, _) => until);

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationTokenSource Stopping { get; } = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => Stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => throw new NotSupportedException();
    }
}
