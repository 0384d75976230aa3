using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Runtime.Messaging;

/// <summary>Where a client finds the cluster's gateways.</summary>
internal interface IGatewayList
{
    Task<IReadOnlyList<IPEndPoint>> GetAsync(CancellationToken cancellationToken);
}

/// <summary>Gateways that are configured.</summary>
internal sealed class StaticGatewayList(IOptions<StaticGatewayListProviderOptions> options) : IGatewayList
{
    private const string Scheme = "gwy.tcp";

    public static Uri ToUri(IPEndPoint endpoint) => new(string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{endpoint}/0"));

    public Task<IReadOnlyList<IPEndPoint>> GetAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<IPEndPoint> gateways = [.. options.Value.Gateways.Select(uri => new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port))];
        return gateways.Count > 0 ? Task.FromResult(gateways) : throw new OrleansConfigurationException(
            "The client knows no gateway. Call UseLocalhostClustering(), UseStaticClustering(...) or UseRedisClustering(...).");
    }
}
