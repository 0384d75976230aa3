using System.Net;
using System.Reflection;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>The head of a call: an HTTP/2 POST to the method's name.</summary>
internal static class RequestMessage
{
    private static readonly string UserAgent =
        $"vaecluster-grpc/{typeof(RequestMessage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion}";

    public static HttpRequestMessage Create(Uri address, IMethod method, CallOptions options, TimeSpan? timeout, HttpContent content)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(address, method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        Add("User-Agent", UserAgent);
        // Servers abort a call without it: it says that we can read trailers.
        Add("TE", "trailers");
        Add(GrpcHeaders.AcceptEncoding, GrpcHeaders.Identity);
        if (timeout is { } rest)
            Add(GrpcHeaders.Timeout, GrpcTimeout.Encode(rest));
        foreach (var entry in Sendable(options.Headers ?? Metadata.Empty))
            Add(entry.Key, MetadataHeaders.ToHeader(entry));
        return message;

        void Add(string name, string value) => message.Headers.TryAddWithoutValidation(name, value);
    }

    private static IEnumerable<Metadata.Entry> Sendable(Metadata headers)
    {
        foreach (var entry in headers)
        {
            if (entry.Key == GrpcHeaders.RequestedEncoding && entry.Value != GrpcHeaders.Identity)
                throw new InvalidOperationException($"Could not find compression provider for '{entry.Value}'; messages can only be sent as they are ('{GrpcHeaders.Identity}').");
            // The deadline says the timeout, whatever a header says.
            if (entry.Key is not (GrpcHeaders.Timeout or GrpcHeaders.RequestedEncoding))
                yield return entry;
        }
    }
}
