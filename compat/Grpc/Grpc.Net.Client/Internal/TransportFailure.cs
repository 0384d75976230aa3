using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>The status of a call that broke instead of being answered.</summary>
internal static class TransportFailure
{
    // RFC 9113, section 7.
    private const long RefusedStream = 0x7;
    private const long Cancel = 0x8;
    private const long EnhanceYourCalm = 0xb;
    private const long InadequateSecurity = 0xc;

    public static Status ToStatus(string summary, Exception exception) =>
        new(CodeOf(exception), $"{summary} {StatusText.Of(exception)}", exception);

    private static StatusCode CodeOf(Exception exception)
    {
        var isConnectionLost = false;
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is HttpProtocolException reset)
                return CodeOf(reset.ErrorCode);
            isConnectionLost |= current is SocketException or IOException;
        }

        return isConnectionLost ? StatusCode.Unavailable : StatusCode.Internal;
    }

    private static StatusCode CodeOf(long http2Error) => http2Error switch
    {
        RefusedStream => StatusCode.Unavailable,
        Cancel => StatusCode.Cancelled,
        EnhanceYourCalm => StatusCode.ResourceExhausted,
        InadequateSecurity => StatusCode.PermissionDenied,
        _ => StatusCode.Internal,
    };
}
