using System.Reflection;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Makes an endpoint of each method of a service, and of each that does not exist.</summary>
internal sealed class ServiceEndpoints(IServiceProvider services, IOptions<GrpcServiceOptions> all, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler");
    private readonly HashSet<string> _serviceNames = [];

    public List<IEndpointConventionBuilder> Map<TService>(IEndpointRouteBuilder routes)
        where TService : class
    {
        var own = services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value;
        var settings = CallSettings.Of(all.Value, own);
        var methods = Bind<TService>(settings);
        if (methods.Count == 0)
            ServerLog.NoMethods(_logger, typeof(TService));

        var endpoints = methods.Select(method => Map<TService>(routes, method)).ToList();
        if (!(all.Value.IgnoreUnknownServices ?? false) && _serviceNames.Count == 0)
            endpoints.Add(MapUnimplemented(routes, "{service}/{method}", "service", Unimplemented(ServerLog.ServiceUnimplemented, "Service is unimplemented.")));
        foreach (var name in methods.Select(m => m.Method.ServiceName).Distinct().Where(_serviceNames.Add))
        {
            if (!settings.IgnoreUnknownMethods)
                endpoints.Add(MapUnimplemented(routes, name + "/{method}", $"method for {name}", Unimplemented(ServerLog.MethodUnimplemented, "Method is unimplemented.")));
        }

        return endpoints;
    }

    private IReadOnlyList<BoundMethod> Bind<TService>(CallSettings settings)
        where TService : class
    {
        for (var type = typeof(TService); type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is not { } attribute)
                continue;

            var bind = attribute.BindType.GetMethod(attribute.BindMethodName, BindingFlags.Public | BindingFlags.Static, [typeof(ServiceBinderBase), type])
                ?? throw new InvalidOperationException($"Error binding gRPC service '{typeof(TService).Name}': {attribute.BindType} has no {attribute.BindMethodName}({nameof(ServiceBinderBase)}, {type.Name}).");
            var binder = new ServiceBinder<TService>(type, settings, _logger);
            bind.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [binder, null], culture: null);
            return binder.Methods;
        }

        return [];
    }

    private static IEndpointConventionBuilder Map<TService>(IEndpointRouteBuilder routes, BoundMethod method)
    {
        var endpoint = routes.Map(method.Method.FullName, method.Invoke);
        endpoint.Add(builder =>
        {
            builder.DisplayName = $"gRPC - {method.Method.FullName}";
            builder.Metadata.Add(new GrpcMethodMetadata(typeof(TService), method.Method));
            // The method's attributes come after the type's: the last one counts.
            foreach (var attribute in typeof(TService).GetCustomAttributes(inherit: true).Concat(method.Implementation.GetCustomAttributes(inherit: true)))
                builder.Metadata.Add(attribute);
            builder.Metadata.Add(new HttpMethodMetadata([HttpMethods.Post], acceptCorsPreflight: true));
        });
        return endpoint;
    }

    private static IEndpointConventionBuilder MapUnimplemented(IEndpointRouteBuilder routes, string pattern, string what, RequestDelegate answer)
    {
        var policies = new RouteValueDictionary { ["method"] = new GrpcRequestConstraint() };
        var endpoint = routes.Map(RoutePatternFactory.Parse(pattern, defaults: null, policies), answer);
        endpoint.Add(builder => builder.DisplayName = $"gRPC - Unimplemented {what}");
        return endpoint;
    }

    private RequestDelegate Unimplemented(Action<ILogger, string?> log, string detail) => context =>
    {
        log(_logger, context.Request.Path.Value);
        context.Response.ContentType = GrpcHeaders.ContentType;
        TrailerWriter.Write(context.Response, new Status(StatusCode.Unimplemented, detail));
        return Task.CompletedTask;
    };

    /// <summary>Leaves every other request to whoever maps the same paths for it.</summary>
    private sealed class GrpcRequestConstraint : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            httpContext is { Request: { Method: var method, ContentType: var contentType } } && HttpMethods.IsPost(method) && GrpcHeaders.IsGrpc(contentType);
    }
}
