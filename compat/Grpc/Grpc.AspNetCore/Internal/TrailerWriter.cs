using System.Globalization;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Writes a call's status, and the metadata that goes with it, to where they belong.</summary>
internal static class TrailerWriter
{
    public static void Write(HttpResponse response, Status status, Metadata? metadata = null)
    {
        var destination = Destination(response);
        foreach (var entry in metadata ?? Metadata.Empty)
            Append(destination, entry);

        destination[GrpcHeaders.Status] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        destination[GrpcHeaders.Message] = string.IsNullOrEmpty(status.Detail) ? default : StatusText.Encode(status.Detail);
    }

    /// <summary>Answers a request that is no gRPC call, so that both HTTP and gRPC clients understand.</summary>
    public static void Refuse(HttpResponse response, int httpStatus, string detail)
    {
        response.StatusCode = httpStatus;
        Write(response, new Status(StatusCode.Internal, detail));
    }

    public static void Append(IHeaderDictionary destination, Metadata.Entry entry)
    {
        try
        {
            destination.Append(entry.Key, MetadataHeaders.ToHeader(entry));
        }
        catch (InvalidOperationException ex)
        {
            throw new InvalidOperationException($"Error adding response metadata '{entry.Key}': {ex.Message}", ex);
        }
    }

    // Once the response has started, the status follows the messages; before, the head is all there is.
    private static IHeaderDictionary Destination(HttpResponse response)
    {
        if (!response.HasStarted)
            return response.Headers;

        return response.HttpContext.Features.Get<IHttpResponseTrailersFeature>() is { Trailers: { IsReadOnly: false } trailers }
            ? trailers
            : throw new InvalidOperationException("Trailers are not supported for this response. The server may not support gRPC.");
    }
}
