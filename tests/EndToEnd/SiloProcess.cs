using VaeCluster.Client;

namespace VaeCluster.EndToEnd;

/// <summary>A silo in a process of its own, on free loopback ports, with a data directory that is deleted with it.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReadyPeriod = TimeSpan.FromMilliseconds(100);

    private readonly SiloProgram _program;
    private readonly SiloPorts _ports;
    private readonly bool _ownsData;

    private SiloProcess(string? dataDir, IEnumerable<string> arguments)
    {
        _ownsData = dataDir is null;
        DataDir = dataDir ?? Directory.CreateTempSubdirectory("vaecluster-").FullName;
        _ports = SiloPorts.FindFree();
        _program = SiloProgram.Start(_ports, ["dev", "--data-dir", DataDir, .. arguments]);
    }

    public string DataDir { get; }

    public int GrpcPort => _ports.Grpc;

    public int HttpPort => _ports.Http;

    public int SiloPort => _ports.Silo;

    public int GatewayPort => _ports.Gateway;

    /// <summary>Speaks with the silo's HTTP port.</summary>
    public HttpClient Http => _program.Http;

    /// <summary>Speaks with the silo's API.</summary>
    public VaeClusterClient Cluster => _program.Cluster;

    /// <summary>What the silo has logged so far.</summary>
    public string Output => _program.Output;

    public bool HasExited => _program.HasExited;

    /// <summary>Starts a cluster of one silo and waits until it is ready.</summary>
    /// <param name="devices">What it offers.</param>
    /// <param name="dataDir">The data directory of another silo, to go on with; default a new one.</param>
    /// <param name="arguments">More flags of <c>vaesilo</c>.</param>
    public static async Task<SiloProcess> StartAsync(string devices = "cpu:1", string? dataDir = null, params string[] arguments)
    {
        var silo = Begin(dataDir, ["--devices", devices, .. arguments]);
        await silo.WaitUntilReadyAsync();
        return silo;
    }

    /// <summary>Starts a silo with one CPU slot that joins the cluster of another and shares its data directory; waits until it is ready.</summary>
    public static Task<SiloProcess> JoinAsync(SiloProcess primary, params string[] arguments) =>
        StartAsync("cpu:1", primary.DataDir, ["--primary", $"127.0.0.1:{primary.SiloPort}", .. arguments]);

    /// <summary>Starts a silo and does not wait for it.</summary>
    public static SiloProcess Begin(params string[] arguments) => Begin(null, arguments);

    /// <summary>Starts a silo on the data directory of another and does not wait for it.</summary>
    public static SiloProcess Begin(string? dataDir, IEnumerable<string> arguments) => new(dataDir, arguments);

    /// <summary>Waits until the silo is ready; disposes it if it does not become so.</summary>
    public async Task WaitUntilReadyAsync()
    {
        try
        {
            await _program.WaitUntilReadyAsync(ReadyTimeout, ReadyPeriod, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the silo to end in good order and returns its exit code.</summary>
    public Task<int> StopAsync(TimeSpan timeout) => _program.StopAsync(timeout, TestContext.Current.CancellationToken);

    /// <summary>Waits until the silo has ended by itself, and returns its exit code.</summary>
    public Task<int> ExitAsync(TimeSpan limit) => _program.ExitAsync(limit, TestContext.Current.CancellationToken);

    /// <summary>Ends the silo without a word to it.</summary>
    public Task KillAsync() => _program.KillAsync();

    /// <summary>Sends the silo's process a signal.</summary>
    /// <param name="name">Without SIG, e.g. <c>STOP</c>.</param>
    public void Signal(string name) => _program.Signal(name);

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        if (_ownsData)
            Directory.Delete(DataDir, recursive: true);
    }
}
