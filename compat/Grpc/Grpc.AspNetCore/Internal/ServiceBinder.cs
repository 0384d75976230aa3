using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>One method of a service, ready to be an endpoint.</summary>
internal sealed record BoundMethod(IMethod Method, MethodInfo Implementation, RequestDelegate Invoke);

/// <summary>Is told the methods of a service by generated code and makes a handler of each.</summary>
internal sealed class ServiceBinder<TService>(Type declaringType, CallSettings settings, ILogger logger) : ServiceBinderBase
    where TService : class
{
    private readonly List<BoundMethod> _methods = [];

    public IReadOnlyList<BoundMethod> Methods => _methods;

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var (implementation, call) = Open<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(method, typeof(TRequest), typeof(ServerCallContext));
        var invoke = settings.Interceptors.Around<TRequest, TResponse>(async (request, context) =>
        {
            await using var service = Lease(context);
            return await call(service.Value, request, context);
        });
        Add(method, implementation, async context =>
        {
            var request = await new RequestMessages<TRequest>(context, method.RequestMarshaller).ReadSingleAsync();
            await RespondAsync(context, method.ResponseMarshaller, await invoke(request, context));
        });
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (implementation, call) = Open<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        var invoke = settings.Interceptors.Around<TRequest, TResponse>(async (requests, context) =>
        {
            await using var service = Lease(context);
            return await call(service.Value, requests, context);
        });
        Add(method, implementation, async context =>
        {
            StreamLimits.AllowLongRequest(context.HttpContext);
            var requests = new ServerStreamReader<TRequest>(context, method.RequestMarshaller);
            try
            {
                await RespondAsync(context, method.ResponseMarshaller, await invoke(requests, context));
            }
            finally
            {
                requests.Close();
            }
        });
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (implementation, call) = Open<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var invoke = settings.Interceptors.Around<TRequest, TResponse>(async (request, responses, context) =>
        {
            await using var service = Lease(context);
            await call(service.Value, request, responses, context);
        });
        Add(method, implementation, async context =>
        {
            StreamLimits.AllowLongResponse(context.HttpContext);
            var request = await new RequestMessages<TRequest>(context, method.RequestMarshaller).ReadSingleAsync();
            var responses = new ServerStreamWriter<TResponse>(context, method.ResponseMarshaller);
            try
            {
                await invoke(request, responses, context);
            }
            finally
            {
                responses.Close();
            }
        });
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (implementation, call) = Open<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var invoke = settings.Interceptors.Around<TRequest, TResponse>(async (requests, responses, context) =>
        {
            await using var service = Lease(context);
            await call(service.Value, requests, responses, context);
        });
        Add(method, implementation, async context =>
        {
            StreamLimits.AllowLongRequest(context.HttpContext);
            var requests = new ServerStreamReader<TRequest>(context, method.RequestMarshaller);
            var responses = new ServerStreamWriter<TResponse>(context, method.ResponseMarshaller);
            try
            {
                await invoke(requests, responses, context);
            }
            finally
            {
                requests.Close();
                responses.Close();
            }
        });
    }

    private static async Task RespondAsync<TResponse>(HttpServerCallContext context, Marshaller<TResponse> marshaller, TResponse? response)
        where TResponse : class
    {
        if (response is null)
            throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        // Not flushed: the status follows at once, and both leave together.
        if (context.ExpiringAt is not { IsExceeded: true })
            await new ResponseMessages<TResponse>(context, marshaller).WriteAsync(response, flush: false, context.CancellationToken);
    }

    private static Lease<TService> Lease(ServerCallContext context) =>
        ServiceLease<TService>.Create(context.GetHttpContext().RequestServices);

    private void Add(IMethod method, MethodInfo implementation, Func<HttpServerCallContext, Task> handle) =>
        _methods.Add(new BoundMethod(method, implementation, new ServerCall(method, settings, logger, handle).InvokeAsync));

    // An override of the generated method; a method of the same name that hides it is somebody else's.
    private (MethodInfo Implementation, TDelegate Call) Open<TDelegate>(IMethod method, params Type[] parameters)
        where TDelegate : Delegate
    {
        for (var type = typeof(TService); type is not null; type = type.BaseType)
        {
            var found = type.GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters);
            if (found is { IsVirtual: true } && found.GetBaseDefinition().DeclaringType == declaringType)
                return (found, found.CreateDelegate<TDelegate>());
        }

        throw new InvalidOperationException($"Could not find '{method.Name}' on {typeof(TService)}.");
    }
}
