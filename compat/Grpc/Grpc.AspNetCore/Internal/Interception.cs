using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Puts the interceptors of a service around its methods: the first outermost, each made anew for each call.</summary>
internal static class Interception
{
    public static UnaryServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(this IEnumerable<InterceptorRegistration> interceptors, UnaryServerMethod<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        interceptors.Reverse().Aggregate(method, (next, registration) => async (request, context) =>
        {
            await using var lease = Create(registration, context);
            return await lease.Value.UnaryServerHandler(request, context, next);
        });

    public static ClientStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(this IEnumerable<InterceptorRegistration> interceptors, ClientStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        interceptors.Reverse().Aggregate(method, (next, registration) => async (requests, context) =>
        {
            await using var lease = Create(registration, context);
            return await lease.Value.ClientStreamingServerHandler(requests, context, next);
        });

    public static ServerStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(this IEnumerable<InterceptorRegistration> interceptors, ServerStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        interceptors.Reverse().Aggregate(method, (next, registration) => async (request, responses, context) =>
        {
            await using var lease = Create(registration, context);
            await lease.Value.ServerStreamingServerHandler(request, responses, context, next);
        });

    public static DuplexStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(this IEnumerable<InterceptorRegistration> interceptors, DuplexStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        interceptors.Reverse().Aggregate(method, (next, registration) => async (requests, responses, context) =>
        {
            await using var lease = Create(registration, context);
            await lease.Value.DuplexStreamingServerHandler(requests, responses, context, next);
        });

    private static Lease<Interceptor> Create(InterceptorRegistration registration, ServerCallContext context)
    {
        var (interceptor, isOwned) = registration.Create(context.GetHttpContext().RequestServices);
        return new Lease<Interceptor>(interceptor, isOwned);
    }
}
