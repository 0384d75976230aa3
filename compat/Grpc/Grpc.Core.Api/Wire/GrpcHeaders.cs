namespace Grpc.Core.Wire;

internal static class GrpcHeaders
{
    public const string ContentType = "application/grpc";

    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";

    // How users of the real packages ask for compression; it never travels under this name.
    public const string RequestedEncoding = "grpc-internal-encoding-request";

    public const string Identity = "identity";

    /// <summary>True for application/grpc and its variants, such as application/grpc+proto.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is ';' or '+');
}
