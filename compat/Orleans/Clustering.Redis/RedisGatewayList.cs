using System.Net;
using Orleans.Runtime.Messaging;

namespace Orleans.Clustering.Redis;

/// <summary>The gateways of the silos that the table has as active.</summary>
internal sealed class RedisGatewayList(RedisMembershipStore store) : IGatewayList
{
    public async Task<IReadOnlyList<IPEndPoint>> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            var view = await store.ReadAsync(cancellationToken);
            IPEndPoint[] gateways = [.. view.Active.Select(entry => entry.Gateway).OfType<IPEndPoint>()];
            return gateways.Length > 0 ? gateways : throw new ConnectionFailedException("The membership table in Redis has no active silo with a gateway.");
        }
        catch (RedisClusteringException exception)
        {
            throw new ConnectionFailedException(exception.Message, exception);
        }
    }
}
