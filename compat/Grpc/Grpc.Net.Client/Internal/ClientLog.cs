using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client.Internal;

internal static partial class ClientLog
{
    [LoggerMessage(1, LogLevel.Debug, "Starting gRPC call. Method: '{Method}', type: {MethodType}.")]
    public static partial void Starting(ILogger logger, string method, MethodType methodType);

    [LoggerMessage(2, LogLevel.Information, "Call {Method} failed with gRPC error status. Status code: '{StatusCode}', Message: '{StatusMessage}'.")]
    public static partial void Failed(ILogger logger, string method, StatusCode statusCode, string statusMessage, Exception? cause);
}
