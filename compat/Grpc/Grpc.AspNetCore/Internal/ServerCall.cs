using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Runs a handler inside a request and turns however it ends into a status.</summary>
internal sealed class ServerCall(IMethod method, CallSettings settings, ILogger logger, Func<HttpServerCallContext, Task> handle)
{
    public async Task InvokeAsync(HttpContext httpContext)
    {
        if (!IsCall(httpContext))
            return;

        httpContext.Response.ContentType = GrpcHeaders.ContentType;
        var context = new HttpServerCallContext(httpContext, settings, logger);
        using (context.ExpiringAt)
        {
            try
            {
                await handle(context);
                await EndAsync(context);
            }
            catch (Exception ex)
            {
                await FailAsync(context, ex);
            }
        }
    }

    private static async Task EndAsync(HttpServerCallContext context)
    {
        if (context.ExpiringAt is null || await context.ExpiringAt.TryEndAsync())
            TrailerWriter.Write(context.HttpContext.Response, context.Status, context.WrittenTrailers);
    }

    private async Task FailAsync(HttpServerCallContext context, Exception exception)
    {
        // Once the deadline has answered, there is nothing left to say: only the log hears of it.
        var isAnswered = context.ExpiringAt?.IsExceeded ?? false;
        var (status, trailers) = Explain(context, exception);
        if (isAnswered)
        {
            await context.ExpiringAt!.TryEndAsync();
            return;
        }

        context.Status = status;
        foreach (var entry in trailers)
            context.ResponseTrailers.Add(entry);
        await WriteFailureAsync(context);
    }

    private async Task WriteFailureAsync(HttpServerCallContext context)
    {
        try
        {
            await EndAsync(context);
        }
        catch (InvalidOperationException ex)
        {
            // Metadata that no header can hold must not hide the status.
            ServerLog.HandlerFailed(logger, method.FullName, ex);
            TrailerWriter.Write(context.HttpContext.Response, context.Status);
        }
    }

    private (Status Status, Metadata Trailers) Explain(HttpServerCallContext context, Exception exception)
    {
        if (exception is RpcException raised)
        {
            ServerLog.StatusRaised(logger, raised.StatusCode, raised.Status.Detail, method.FullName, raised.Status.DebugException);
            return (raised.Status, raised.Trailers);
        }

        if (exception is OperationCanceledException or IOException && context.CancellationToken.IsCancellationRequested)
            ServerLog.HandlerCanceled(logger, method.FullName, exception);
        else
            ServerLog.HandlerFailed(logger, method.FullName, exception);

        var detail = "Exception was thrown by handler." + (settings.EnableDetailedErrors ? " " + StatusText.Of(exception) : "");
        return (new Status(StatusCode.Unknown, detail, exception), Metadata.Empty);
    }

    private bool IsCall(HttpContext http)
    {
        if (!GrpcHeaders.IsGrpc(http.Request.ContentType))
        {
            ServerLog.UnsupportedContentType(logger, http.Request.ContentType);
            var found = http.Request.ContentType is null ? "Content-Type is missing from the request." : $"Content-Type '{http.Request.ContentType}' is not supported.";
            TrailerWriter.Refuse(http.Response, StatusCodes.Status415UnsupportedMediaType, found);
            return false;
        }

        if (HttpProtocol.IsHttp2(http.Request.Protocol) || HttpProtocol.IsHttp3(http.Request.Protocol))
            return true;

        ServerLog.UnsupportedProtocol(logger, http.Request.Protocol);
        TrailerWriter.Refuse(http.Response, StatusCodes.Status426UpgradeRequired, $"Request protocol '{http.Request.Protocol}' is not supported.");
        http.Response.Headers.Upgrade = "HTTP/2";
        return false;
    }
}
