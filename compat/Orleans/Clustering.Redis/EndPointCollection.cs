using System.Collections.ObjectModel;
using System.Net;

namespace StackExchange.Redis;

/// <summary>The servers of a Redis.</summary>
public sealed class EndPointCollection : Collection<EndPoint>
{
    private const int DefaultPort = 6379;

    public void Add(string hostAndPort)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(hostAndPort);
        if (IPEndPoint.TryParse(hostAndPort, out var address))
        {
            Add(address.Port == 0 ? new IPEndPoint(address.Address, DefaultPort) : address);
            return;
        }

        var colon = hostAndPort.LastIndexOf(':');
        var port = DefaultPort;
        if (colon >= 0 && !int.TryParse(hostAndPort.AsSpan(colon + 1), out port))
        {
            throw new ArgumentException($"Could not parse host and port from '{hostAndPort}'", nameof(hostAndPort));
        }

        Add(new DnsEndPoint(colon < 0 ? hostAndPort : hostAndPort[..colon], port));
    }

    public void Add(string host, int port) => Add(IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port));

    public void Add(IPAddress host, int port) => Add(new IPEndPoint(host, port));
}
