using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VaeCluster.Client;

namespace VaeCluster.EndToEnd;

/// <summary>A silo in a process of its own, on free loopback ports, with a data directory that is deleted with it.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    private readonly RunningProgram _program;
    private readonly bool _ownsData;

    private SiloProcess(string? dataDir, IEnumerable<string> arguments)
    {
        _ownsData = dataDir is null;
        DataDir = dataDir ?? Directory.CreateTempSubdirectory("vaecluster-").FullName;
        var ports = FreePorts(4);
        (GrpcPort, HttpPort, SiloPort, GatewayPort) = (ports[0], ports[1], ports[2], ports[3]);
        _program = RunningProgram.Start(BuiltRepository.Program("Silo", "vaesilo"),
        [
            "dev", "--data-dir", DataDir, "--grpc-port", Text(GrpcPort), "--http-port", Text(HttpPort), "--silo-port", Text(SiloPort), "--gateway-port", Text(GatewayPort), .. arguments,
        ]);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{HttpPort}") };
        Cluster = new VaeClusterClient(new Uri($"http://127.0.0.1:{GrpcPort}"));
    }

    public string DataDir { get; }

    public int GrpcPort { get; }

    public int HttpPort { get; }

    public int SiloPort { get; }

    public int GatewayPort { get; }

    /// <summary>Speaks with the silo's HTTP port.</summary>
    public HttpClient Http { get; }

    /// <summary>Speaks with the silo's API.</summary>
    public VaeClusterClient Cluster { get; }

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
            await Eventually.GetAsync("/readyz of the silo", ReadyAsync, ReadyTimeout);
        }
        catch (TimeoutException e)
        {
            var said = Output;
            await DisposeAsync();
            throw new TimeoutException($"{e.Message} The silo said:\n{said}", e);
        }
    }

    /// <summary>Asks the silo to end in good order and returns its exit code.</summary>
    public Task<int> StopAsync(TimeSpan timeout)
    {
        _program.Terminate();
        return _program.ExitAsync(timeout);
    }

    /// <summary>Waits until the silo has ended by itself, and returns its exit code.</summary>
    public Task<int> ExitAsync(TimeSpan limit) => _program.ExitAsync(limit);

    /// <summary>Ends the silo without a word to it.</summary>
    public Task KillAsync() => _program.KillAsync();

    /// <summary>Sends the silo's process a signal.</summary>
    /// <param name="name">Without SIG, e.g. <c>STOP</c>.</param>
    public void Signal(string name) => _program.Signal(name);

    public async ValueTask DisposeAsync()
    {
        Cluster.Dispose();
        Http.Dispose();
        await _program.DisposeAsync();
        if (_ownsData)
            Directory.Delete(DataDir, recursive: true);
    }

    /// <summary>Ports that nobody listens on, all different: each is held until all are chosen.</summary>
    public static IReadOnlyList<int> FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }

    private async Task<string?> ReadyAsync()
    {
        if (_program.HasExited)
            throw new InvalidOperationException($"The silo ended with exit code {await _program.ExitAsync(ReadyTimeout)}. It said:\n{Output}");
        try
        {
            using var response = await Http.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode ? "ready" : null;
        }
        catch (HttpRequestException)
        {
            return null; // It does not listen yet.
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
