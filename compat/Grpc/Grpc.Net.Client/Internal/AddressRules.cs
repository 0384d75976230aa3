namespace Grpc.Net.Client.Internal;

/// <summary>Refuses what a channel cannot be made from.</summary>
internal static class AddressRules
{
    public static void Check(Uri address, GrpcChannelOptions options)
    {
        if (options.HttpClient is not null && options.HttpHandler is not null)
            throw new ArgumentException("HttpClient and HttpHandler have both been configured. Only one HTTP caller can be specified.");
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            throw new InvalidOperationException($"No address resolver configured for the scheme '{address.Scheme}' of '{address}'; use an http:// or https:// address.");

        var isHttps = address.Scheme == Uri.UriSchemeHttps;
        if (options.Credentials is { } credentials && credentials.IsSecure != isHttps)
        {
            var kind = credentials.IsSecure ? "secure" : "insecure";
            throw new InvalidOperationException($"Channel is configured with {kind} channel credentials and can't use a HttpClient with a '{address.Scheme}' scheme.");
        }
    }
}
