using VaeCluster.Contracts.V1;
using VaeCluster.EndToEnd.Chaos;

namespace VaeCluster.EndToEnd.Isolation;

/// <summary>Silos on nodes of a network of their own. Redis and the data are on this machine, which every node reaches until it vanishes.</summary>
internal sealed class IsolatedCluster : IAsyncDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly NetworkNamespaces _network;
    private readonly RedisProcess _redis;
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vaecluster-isolated-");
    private readonly IsolatedSilo?[] _silos;
    private readonly HashSet<int> _vanished = [];
    private readonly List<IsolatedSilo> _ended = [];

    private IsolatedCluster(NetworkNamespaces network, RedisProcess redis, int nodes)
    {
        _network = network;
        _redis = redis;
        _silos = new IsolatedSilo?[nodes];
    }

    /// <summary>Starts a silo on each node and waits until all are ready; skips the test where that cannot be.</summary>
    public static async Task<IsolatedCluster> StartAsync(int nodes)
    {
        var network = await NetworkNamespaces.CreateAsync(nodes);
        IsolatedCluster? cluster = null;
        try
        {
            cluster = new IsolatedCluster(network, await RedisProcess.StartAsync(NetworkNamespaces.HostAddress), nodes);
            await Task.WhenAll(Enumerable.Range(0, nodes).Select(cluster.StartSiloAsync));
            return cluster;
        }
        catch
        {
            await (cluster?.DisposeAsync() ?? network.DisposeAsync());
            throw;
        }
    }

    /// <summary>The silo of a node that has one.</summary>
    public IsolatedSilo this[int node] => _silos[node]!;

    /// <summary>Takes a node off the network.</summary>
    public async Task VanishAsync(int node)
    {
        _vanished.Add(node);
        await _network.DisconnectAsync(node);
    }

    /// <summary>Brings a node back that was declared dead: its silo learns that and ends itself, and is started again as an orchestrator would.</summary>
    public async Task ReturnAsync(int node)
    {
        await _network.ReconnectAsync(node);
        _vanished.Remove(node);
        await this[node].ExitAsync(WaitTimeout);
        _ended.Add(this[node]);
        await StartSiloAsync(node);
    }

    /// <summary>The node that hosts a run and its parameter server: the one that measures it.</summary>
    public async Task<int> HostOfAsync(string runId)
    {
        var host = await Eventually.GetAsync($"The node of {runId}", async () =>
        {
            for (var node = 0; node < _silos.Length; node++)
            {
                if (await this[node].GetAsync("/metrics") is { } metrics && metrics.Contains($"vaecluster_steps_total{{run=\"{runId}\"", StringComparison.Ordinal))
                    return $"{node}";
            }
            return null;
        }, WaitTimeout);
        return int.Parse(host, System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task<Run> SubmitAsync(SubmitRequest request) =>
        await Reachable().First().Cluster.Runs.SubmitAsync(request, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>The run, as the first node that answers knows it; null while none does.</summary>
    public Task<Run?> FindAsync(string runId) => AskAnyAsync(silo => IsolatedSilo.AskAsync(deadline =>
        silo.Cluster.Runs.GetAsync(new GetRunRequest { RunId = runId }, deadline: deadline, cancellationToken: TestContext.Current.CancellationToken)));

    /// <summary>The audit of a run that has ended.</summary>
    public async Task<AuditReport> AuditAsync(string runId) =>
        await Reachable().First().Cluster.Runs.AuditRunAsync(new GetRunRequest { RunId = runId }, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>The ends of the silos' logs, for whoever must find out what went wrong.</summary>
    public string Describe() => string.Join('\n', _silos.SelectMany((silo, node) =>
        (silo?.Output ?? "").Split('\n').TakeLast(40).Prepend($"--- {IsolatedSilo.NameOf(node)}{(_vanished.Contains(node) ? " has vanished" : "")}")));

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.OfType<IsolatedSilo>().Concat(_ended))
            await silo.DisposeAsync();
        await _redis.DisposeAsync();
        await _network.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private async Task StartSiloAsync(int node) =>
        _silos[node] = await IsolatedSilo.StartAsync(_network, node, $"{NetworkNamespaces.HostAddress}:{_redis.Port}", _data.FullName);

    private async Task<T?> AskAnyAsync<T>(Func<IsolatedSilo, Task<T?>> ask)
        where T : class
    {
        foreach (var silo in Reachable())
        {
            if (await ask(silo) is { } answer)
                return answer;
        }
        return null;
    }

    private List<IsolatedSilo> Reachable() =>
        [.. Enumerable.Range(0, _silos.Length).Where(node => !_vanished.Contains(node) && _silos[node] is { HasExited: false }).Select(node => this[node])];
}
