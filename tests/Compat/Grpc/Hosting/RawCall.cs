using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace VaeCluster.Compat.Grpc.Hosting;

/// <summary>Calls a server with bytes of our choice, and shows its whole answer.</summary>
internal sealed record RawCall(HttpStatusCode Status, string? GrpcStatus, string? GrpcMessage, HttpResponseHeaders Headers)
{
    public static byte[] Frame(byte[] message, byte flag = 0, int? length = null)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length ?? message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static async Task<RawCall> PostAsync(
        string address, string path, byte[] body, string? contentType = "application/grpc", Version? version = null, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, address + path)
        {
            Version = version ?? HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        _ = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return new RawCall(response.StatusCode, Find(response, "grpc-status"), Find(response, "grpc-message"), response.Headers);
    }

    private static string? Find(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values) ? values.Single() : null;
}
