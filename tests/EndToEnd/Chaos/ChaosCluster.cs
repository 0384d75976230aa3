using System.Net;
using Grpc.Core;
using VaeCluster.Contracts.V1;
using VaeCluster.Tests.Support;

namespace VaeCluster.EndToEnd.Chaos;

/// <summary>
/// Silos of equal rank, with a trainer each: their membership is in a Redis, their data in one folder. It restarts what has ended, as an
/// orchestrator would. One thread brings faults; another may ask for runs meanwhile.
/// </summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private static readonly TimeSpan MendPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SiloProcess> _silos = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SiloLink> _links = [];
    private readonly HashSet<string> _paused = [];

    /// <summary>Silos that were started and are not ready yet.</summary>
    private readonly Dictionary<string, SiloProcess> _starting = [];

    // Their clients may be in use by whoever asks for runs, so they are disposed at the end.
    private readonly List<SiloProcess> _ended = [];

    private ChaosCluster(RedisProcess redis, SmallDisk disk, IReadOnlyList<string> names) => (Redis, Disk, Names) = (redis, disk, names);

    public RedisProcess Redis { get; }

    /// <summary>What the silos write to.</summary>
    public SmallDisk Disk { get; }

    /// <summary>The names of the silos, running or not.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How often a silo was started again.</summary>
    public int Restarts => _ended.Count;

    public static async Task<ChaosCluster> StartAsync(int silos)
    {
        var cluster = new ChaosCluster(await RedisProcess.StartAsync(), await SmallDisk.CreateAsync(), [.. Enumerable.Range(0, silos).Select(i => $"silo-{i}")]);
        try
        {
            await cluster.MendAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public SiloProcess this[string name]
    {
        get
        {
            lock (_lock)
                return _silos[name];
        }
    }

    /// <summary>The way by which the other silos reach one.</summary>
    public SiloLink LinkTo(string name)
    {
        lock (_lock)
            return _links[name];
    }

    /// <summary>Ends a silo without a word to it; whoever calls it finds nobody there.</summary>
    public async Task KillAsync(string name)
    {
        await this[name].KillAsync();
        await LinkTo(name).DisposeAsync();
    }

    /// <summary>The silo that hosts a run and its parameter server: the one that measures it.</summary>
    public Task<string> HostOfAsync(string runId) => Eventually.GetAsync($"The silo of {runId}", async () =>
    {
        foreach (var name in Names)
        {
            var metrics = await this[name].Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
            if (metrics.Contains($"vaecluster_steps_total{{run=\"{runId}\"", StringComparison.Ordinal))
                return name;
        }
        return null;
    }, MendPatience);

    /// <summary>Halts a silo's process; it knows of nothing until <see cref="Continue"/>.</summary>
    public void Pause(string name)
    {
        this[name].Signal("STOP");
        lock (_lock)
            _paused.Add(name);
    }

    public void Continue(string name)
    {
        this[name].Signal("CONT");
        lock (_lock)
            _paused.Remove(name);
    }

    /// <summary>Starts every silo that is not running and waits until all are ready and each knows the devices of all.</summary>
    public async Task MendAsync()
    {
        await Eventually.GetAsync("A whole cluster", async () =>
        {
            await Task.WhenAll(Names.Select(StartIfEndedAsync));
            return await IsWholeAsync() ? "whole" : null;
        }, MendPatience);
    }

    /// <summary>Submits a run to the whole cluster. A silo that was halted as the run before ended may only now learn that it was declared dead.</summary>
    public async Task<Run> SubmitAsync(SubmitRequest request)
    {
        await MendAsync();
        return await Eventually.GetAsync(
            "A silo that takes the run",
            () => AskAnyAsync(silo => silo.Cluster.Runs.SubmitAsync(request, cancellationToken: TestContext.Current.CancellationToken)),
            MendPatience);
    }

    /// <summary>The run, as the first silo that answers knows it; null while none can.</summary>
    public Task<Run?> FindAsync(string runId) => AskAnyAsync(silo =>
        silo.Cluster.Runs.GetAsync(new GetRunRequest { RunId = runId }, deadline: DateTime.UtcNow + AnswerPatience, cancellationToken: TestContext.Current.CancellationToken));

    /// <summary>Waits until the run reports a reason, or has ended.</summary>
    public Task SeesAsync(string runId, string reason) => Eventually.GetAsync(
        $"The condition {reason} of {runId}",
        async () => await FindAsync(runId) is { } run && (run.EndedAt is not null || run.Conditions.Any(condition => condition.Reason == reason)) ? run : null,
        MendPatience);

    /// <summary>Flips a bit of the weights in the newest checkpoint there is. The silos must be down, or they might write one meanwhile.</summary>
    public void DamageNewestCheckpoint()
    {
        var newest = new DirectoryInfo(Disk.Path).EnumerateFiles("model.safetensors", SearchOption.AllDirectories)
            .Where(file => file.Directory!.Parent!.Name == "checkpoints" && long.TryParse(file.Directory.Name, out _))
            .MaxBy(file => file.LastWriteTimeUtc);
        Assert.True(newest is not null, "There is no checkpoint to damage.");
        using var content = newest.Open(FileMode.Open, FileAccess.ReadWrite);
        content.Position = content.Length - 1;
        var last = content.ReadByte();
        content.Position = content.Length - 1;
        content.WriteByte((byte)(last ^ 1));
    }

    /// <summary>The audit of a run that has ended.</summary>
    public Task<AuditReport> AuditAsync(string runId) => Eventually.GetAsync(
        $"The audit of {runId}",
        () => AskAnyAsync(silo => silo.Cluster.Runs.AuditRunAsync(new GetRunRequest { RunId = runId }, cancellationToken: TestContext.Current.CancellationToken)),
        MendPatience);

    /// <summary>What each silo measures and the end of its log, for whoever must find out what went wrong. A silo that is gone or halted is part of the answer.</summary>
    public async Task<string> DescribeAsync()
    {
        var lines = new List<string>();
        foreach (var name in Names)
        {
            SiloProcess? silo;
            bool isPaused;
            lock (_lock)
                (silo, isPaused) = (_silos.GetValueOrDefault(name) ?? _starting.GetValueOrDefault(name), _paused.Contains(name));
            lines.Add($"--- {name}{(silo is null ? " is not there" : silo.HasExited ? " has ended" : isPaused ? " is halted" : "")}");
            if (silo is { HasExited: false } && !isPaused)
                lines.AddRange(await MetricsOfAsync(silo));
            lines.AddRange((silo?.Output ?? "").Split('\n').TakeLast(40));
        }
        return string.Join('\n', lines);
    }

    private static async Task<IEnumerable<string>> MetricsOfAsync(SiloProcess silo)
    {
        try
        {
            using var timeout = new CancellationTokenSource(AnswerPatience);
            var metrics = await silo.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), timeout.Token);
            return metrics.Split('\n').Where(line => line.StartsWith("vaecluster_", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return [$"/metrics does not answer: {e.Message}"];
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.Values.Concat(_ended))
            await silo.DisposeAsync();
        foreach (var link in _links.Values)
            await link.DisposeAsync();
        await Redis.DisposeAsync();
        await Disk.DisposeAsync();
    }

    private async Task StartIfEndedAsync(string name)
    {
        lock (_lock)
        {
            if (_silos.TryGetValue(name, out var before))
            {
                if (!before.HasExited)
                    return;
                _ended.Add(before);
                _silos.Remove(name);
            }
        }
        // Every address of the loopback network is this machine: one for a silo to listen on, and one for the others to call.
        var address = new IPAddress([127, 0, 1, (byte)(Names.Index().First(other => other.Item == name).Index + 1)]);
        var silo = SiloProcess.Begin(Disk.Path, ["--devices", "cpu:1", "--name", name, "--redis", $"127.0.0.1:{Redis.Port}", "--advertise", $"{address}"]);
        var link = new SiloLink(address, silo.SiloPort);
        SiloLink? old;
        lock (_lock)
        {
            _links.TryGetValue(name, out old);
            _links[name] = link;
        }
        if (old is not null)
            await old.DisposeAsync();
        lock (_lock)
            _starting[name] = silo;
        await silo.WaitUntilReadyAsync();
        lock (_lock)
        {
            _starting.Remove(name);
            _silos.Add(name, silo);
        }
    }

    /// <summary>Whether every silo sees every silo's device: one that others took for dead has not yet been let in again.</summary>
    private async Task<bool> IsWholeAsync()
    {
        foreach (var name in Names)
        {
            var silo = this[name];
            var devices = await AskAsync(() => silo.Cluster.Devices.ListAsync(new ListDevicesRequest(), deadline: DateTime.UtcNow + AnswerPatience, cancellationToken: TestContext.Current.CancellationToken));
            if (devices is null || !Names.All(other => devices.Devices.Any(device => device.Id == $"{other}/cpu:0")))
                return false;
        }
        return true;
    }

    /// <summary>The answer of the first silo that has one; null while none has. Any of them may have ended: one that was halted ends itself when it goes on.</summary>
    private async Task<T?> AskAnyAsync<T>(Func<SiloProcess, AsyncUnaryCall<T>> ask)
        where T : class
    {
        List<SiloProcess> silos;
        lock (_lock)
            silos = [.. _silos.Where(silo => !_paused.Contains(silo.Key) && !silo.Value.HasExited).Select(silo => silo.Value)];
        foreach (var silo in silos)
        {
            if (await AskAsync(() => ask(silo)) is { } answer)
                return answer;
        }
        return null;
    }

    private static async Task<T?> AskAsync<T>(Func<AsyncUnaryCall<T>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled)
        {
            return null; // The silo, or whom it asked, is gone or halted; another may answer.
        }
    }
}
