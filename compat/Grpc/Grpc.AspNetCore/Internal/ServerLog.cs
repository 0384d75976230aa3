using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "Request content-type of '{ContentType}' is not supported.")]
    public static partial void UnsupportedContentType(ILogger logger, string? contentType);

    [LoggerMessage(2, LogLevel.Information, "Request protocol of '{Protocol}' is not supported.")]
    public static partial void UnsupportedProtocol(ILogger logger, string protocol);

    [LoggerMessage(3, LogLevel.Error, "Error when executing service method '{ServiceMethod}'.")]
    public static partial void HandlerFailed(ILogger logger, string serviceMethod, Exception exception);

    [LoggerMessage(4, LogLevel.Information, "Service method '{ServiceMethod}' canceled.")]
    public static partial void HandlerCanceled(ILogger logger, string serviceMethod, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "Error status code '{StatusCode}' with detail '{Detail}' raised by '{ServiceMethod}'.")]
    public static partial void StatusRaised(ILogger logger, StatusCode statusCode, string detail, string serviceMethod, Exception? cause);

    [LoggerMessage(6, LogLevel.Debug, "Request with timeout of {Timeout} has exceeded its deadline.")]
    public static partial void DeadlineExceeded(ILogger logger, TimeSpan timeout);

    [LoggerMessage(7, LogLevel.Error, "Error occurred while trying to cancel the request due to deadline exceeded.")]
    public static partial void DeadlineFailed(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Information, "Service of '{Path}' is unimplemented.")]
    public static partial void ServiceUnimplemented(ILogger logger, string? path);

    [LoggerMessage(9, LogLevel.Information, "Method of '{Path}' is unimplemented.")]
    public static partial void MethodUnimplemented(ILogger logger, string? path);

    [LoggerMessage(10, LogLevel.Debug, "No gRPC methods discovered for {ServiceType}.")]
    public static partial void NoMethods(ILogger logger, Type serviceType);

    [LoggerMessage(11, LogLevel.Debug, "The grpc-timeout header value '{Timeout}' is invalid and is ignored.")]
    public static partial void InvalidTimeout(ILogger logger, string timeout);
}
