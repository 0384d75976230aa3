using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Reads the status of a call out of headers and trailers.</summary>
internal static class ResponseHead
{
    private static readonly HashSet<string> NotMetadata = new(StringComparer.OrdinalIgnoreCase)
    {
        GrpcHeaders.Status, GrpcHeaders.Message, GrpcHeaders.Encoding, GrpcHeaders.AcceptEncoding, "content-encoding", "content-type",
    };

    /// <summary>The status that the head alone decides, or null when messages follow.</summary>
    public static Status? Check(HttpResponseMessage response)
    {
        // A server that has nothing to send puts its trailers into the head; its word comes before all else.
        if (TryGetStatus(response.Headers) is { } status)
            return status;
        if (response.Version < HttpVersion.Version20)
            return new Status(StatusCode.Internal, $"Bad gRPC response. Response protocol downgraded to HTTP/{response.Version.ToString(2)}.");
        if (response.StatusCode != HttpStatusCode.OK)
            return new Status(CodeOf(response.StatusCode), $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}");

        var contentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;
        if (contentType is null)
            return new Status(StatusCode.Cancelled, "Bad gRPC response. Response did not have a content-type header.");

        return GrpcHeaders.IsGrpc(contentType)
            ? null
            : new Status(StatusCode.Cancelled, "Bad gRPC response. Invalid content-type value: " + contentType);
    }

    /// <summary>The status at the end of the body, and what it stands among: the head's, when there was nothing to send.</summary>
    public static (Status Status, HttpHeaders Trailers) Final(HttpResponseMessage response)
    {
        try
        {
            if (TryGetStatus(response.TrailingHeaders) is { } status)
                return (status, response.TrailingHeaders);
            return TryGetStatus(response.Headers) is { } early
                ? (early, response.Headers)
                : (new Status(StatusCode.Cancelled, "No grpc-status found on response."), response.TrailingHeaders);
        }
        catch (InvalidDataException ex)
        {
            return (new Status(StatusCode.Cancelled, ex.Message, ex), response.TrailingHeaders);
        }
    }

    public static string? Encoding(HttpResponseMessage response) => Value(response.Headers, GrpcHeaders.Encoding) ?? GrpcHeaders.Identity;

    public static Metadata Metadata(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            if (name.StartsWith(':') || NotMetadata.Contains(name))
                continue;
            foreach (var value in values)
                metadata.AddHeader(name, value);
        }

        return metadata;
    }

    private static Status? TryGetStatus(HttpHeaders headers)
    {
        if (Value(headers, GrpcHeaders.Status) is not { } code)
            return null;
        if (!int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new InvalidDataException("Unexpected grpc-status value: " + code);

        return new Status((StatusCode)number, StatusText.Decode(Value(headers, GrpcHeaders.Message) ?? ""));
    }

    private static string? Value(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    // The mapping of the gRPC specification, for proxies and servers that know no gRPC.
    private static StatusCode CodeOf(HttpStatusCode status) => (int)status switch
    {
        400 or 431 or (>= 100 and < 200) => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
