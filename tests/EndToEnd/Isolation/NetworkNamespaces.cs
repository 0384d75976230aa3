using System.ComponentModel;
using System.Diagnostics;
using System.Net;

namespace VaeCluster.EndToEnd.Isolation;

/// <summary>
/// Nodes of a network of their own, on this machine: a network namespace each, joined by a bridge in one more, to which this machine is connected
/// too. A node whose link is down answers nothing, and refuses nothing: its packets are dropped.
/// </summary>
internal sealed class NetworkNamespaces : IAsyncDisposable
{
    /// <summary>Begins the names of all, before the id of the process that made them.</summary>
    private const string Prefix = "vaecluster-";

    private const int HostNumber = 254;

    private readonly string _name = $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..4]}";
    private readonly List<string> _namespaces = [];
    private bool _hasHostLink;

    private NetworkNamespaces()
    {
    }

    /// <summary>This machine's address in the network.</summary>
    public static IPAddress HostAddress => Address(HostNumber);

    /// <summary>The name of an interface has 15 letters at most, and only this one is this machine's.</summary>
    private static string HostLink => $"vc{Environment.ProcessId}";

    private string Hub => $"{_name}-hub";

    /// <summary>Makes a network; skips the test where one cannot be made.</summary>
    public static async Task<NetworkNamespaces> CreateAsync(int nodes)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Network namespaces need root.");
        await RemoveAbandonedAsync();
        var network = new NetworkNamespaces();
        try
        {
            await network.BuildAsync(nodes);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public static IPAddress AddressOf(int node) => Address(node + 1);

    /// <summary>The arguments of <c>ip</c> that run a program on a node. The process is that program's own.</summary>
    public IReadOnlyList<string> CommandOn(int node, string program) => ["netns", "exec", NamespaceOf(node), program];

    /// <summary>Takes a node off the network: what is sent to it or by it is lost.</summary>
    public Task DisconnectAsync(int node) => IpAsync("-n", Hub, "link", "set", PortOf(node), "down");

    /// <summary>Brings it back.</summary>
    public Task ReconnectAsync(int node) => IpAsync("-n", Hub, "link", "set", PortOf(node), "up");

    /// <summary>Removes all of it. What still runs on a node must have been ended before.</summary>
    public async ValueTask DisposeAsync()
    {
        // The kernel removes what is in a namespace some time after the namespace; the next test takes this name and this address again.
        if (_hasHostLink)
            await IpAsync("link", "del", HostLink);
        _hasHostLink = false;
        foreach (var name in _namespaces)
            await IpAsync("netns", "del", name);
        _namespaces.Clear();
    }

    private async Task BuildAsync(int nodes)
    {
        await AddNamespaceAsync(Hub);
        await IpAsync("-n", Hub, "link", "add", "bridge", "type", "bridge");
        await IpAsync("-n", Hub, "link", "set", "bridge", "up");
        await IpAsync("link", "add", HostLink, "type", "veth", "peer", "name", "host", "netns", Hub);
        _hasHostLink = true;
        await IpAsync("-n", Hub, "link", "set", "host", "master", "bridge", "up");
        await IpAsync("addr", "add", $"{HostAddress}/24", "dev", HostLink);
        await IpAsync("link", "set", HostLink, "up");
        for (var node = 0; node < nodes; node++)
        {
            await AddNamespaceAsync(NamespaceOf(node));
            await IpAsync("link", "add", PortOf(node), "netns", Hub, "type", "veth", "peer", "name", "eth0", "netns", NamespaceOf(node));
            await IpAsync("-n", Hub, "link", "set", PortOf(node), "master", "bridge", "up");
            await IpAsync("-n", NamespaceOf(node), "addr", "add", $"{AddressOf(node)}/24", "dev", "eth0");
            await IpAsync("-n", NamespaceOf(node), "link", "set", "eth0", "up");
            await IpAsync("-n", NamespaceOf(node), "link", "set", "lo", "up");
        }
    }

    private async Task AddNamespaceAsync(string name)
    {
        await IpAsync("netns", "add", name);
        _namespaces.Add(name);
    }

    private string NamespaceOf(int node) => $"{_name}-{node}";

    private static string PortOf(int node) => $"port{node}";

    /// <summary>An address of a network that is set aside for tests of networks (RFC 2544); which part of it depends on this process.</summary>
    private static IPAddress Address(int number) => new([198, (byte)(18 + (Environment.ProcessId >> 8) % 2), (byte)Environment.ProcessId, (byte)number]);

    /// <summary>Removes what tests left that were killed.</summary>
    private static async Task RemoveAbandonedAsync()
    {
        foreach (var line in (await IpAsync("netns", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = line.Split(' ')[0];
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && !Directory.Exists($"/proc/{name.Split('-')[1]}"))
                await IpAsync("netns", "del", name);
        }
    }

    private static async Task<string> IpAsync(params string[] arguments)
    {
        try
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error) = (ip.StandardOutput.ReadToEndAsync(), ip.StandardError.ReadToEndAsync());
            await ip.WaitForExitAsync();
            return ip.ExitCode == 0 ? await output : throw new InvalidOperationException($"`ip {string.Join(' ', arguments)}` failed: {await error}");
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"ip does not start ({e.Message}); it is in Debian's package iproute2.");
            throw;
        }
    }
}
