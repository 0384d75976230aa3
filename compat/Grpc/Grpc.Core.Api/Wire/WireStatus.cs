namespace Grpc.Core.Wire;

/// <summary>The statuses of the protocol itself. Users match on these texts, so they are the real packages'.</summary>
internal static class WireStatus
{
    public static readonly Status ReceivedTooLarge =
        new(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size.");

    public static readonly Status SentTooLarge =
        new(StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size.");

    public static Status Compressed(string? encoding) => encoding switch
    {
        null => new(StatusCode.Internal, "Request did not include grpc-encoding value with compressed message."),
        GrpcHeaders.Identity => new(StatusCode.Internal, "Request sent 'identity' grpc-encoding value with compressed message."),
        _ => new(StatusCode.Unimplemented, $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: {GrpcHeaders.Identity}"),
    };
}
