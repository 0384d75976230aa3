using System.Globalization;
using VaeCluster.Client;

namespace VaeCluster.Tests.Support.Processes;

/// <summary>A silo in a process of its own, and the ways to speak with it. Killed when disposed, if it still runs.</summary>
internal sealed class SiloProgram : IAsyncDisposable
{
    /// <summary>Of a process that has exited, for the rest of its output.</summary>
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Where the data of tests lie.</summary>
    private static readonly string DataRoots = string.Join(',', new[] { Path.GetTempPath(), BuiltRepository.Root, BuiltRepository.Digits }.OfType<string>());

    private readonly RunningProgram _program;

    private SiloProgram(SiloPorts ports, IReadOnlyCollection<string> arguments)
    {
        _program = RunningProgram.Start(BuiltRepository.Program("Silo", "vaesilo"),
        [
            .. arguments, .. arguments.Contains("--data-roots") ? [] : (string[])["--data-roots", DataRoots],
            "--grpc-port", Text(ports.Grpc), "--http-port", Text(ports.Http),
            "--silo-port", Text(ports.Silo), "--gateway-port", Text(ports.Gateway),
        ]);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports.Http}") };
        Server = new Uri($"http://127.0.0.1:{ports.Grpc}");
        Cluster = new VaeClusterClient(Server);
    }

    /// <summary>The address of the silo's API.</summary>
    public Uri Server { get; }

    /// <summary>Speaks with the silo's HTTP port.</summary>
    public HttpClient Http { get; }

    /// <summary>Speaks with the silo's API.</summary>
    public VaeClusterClient Cluster { get; }

    /// <summary>The process id.</summary>
    public int Id => _program.Id;

    /// <summary>What the silo has logged so far.</summary>
    public string Output => _program.Output;

    public bool HasExited => _program.HasExited;

    /// <summary>Starts a silo on loopback and does not wait for it.</summary>
    /// <param name="ports">Its ports.</param>
    /// <param name="arguments">The other arguments of <c>vaesilo</c>, the subcommand first where there is one.</param>
    public static SiloProgram Start(SiloPorts ports, IEnumerable<string> arguments) => new(ports, [.. arguments]);

    /// <summary>Waits until the silo is ready.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="period">The pause between two questions.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It did not become ready; the message has what it logged.</exception>
    /// <exception cref="InvalidOperationException">It ended; the message has what it logged.</exception>
    public async Task WaitUntilReadyAsync(TimeSpan timeout, TimeSpan period, CancellationToken cancellationToken)
    {
        try
        {
            await Polling.GetAsync("/readyz of the silo", () => ReadyAsync(cancellationToken), timeout, period, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message} The silo said:\n{Output}", e);
        }
    }

    /// <summary>Asks the silo to end in good order and returns its exit code.</summary>
    public Task<int> StopAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        Signal("TERM");
        return ExitAsync(timeout, cancellationToken);
    }

    /// <summary>Waits until the silo has ended by itself, and returns its exit code.</summary>
    public Task<int> ExitAsync(TimeSpan timeout, CancellationToken cancellationToken) => _program.ExitAsync(timeout, cancellationToken);

    /// <summary>Ends the silo without a word to it.</summary>
    public Task KillAsync() => _program.KillAsync();

    /// <summary>Sends the silo's process a signal.</summary>
    /// <param name="name">Without SIG, e.g. <c>STOP</c>.</param>
    public void Signal(string name) => _program.Signal(name);

    public ValueTask DisposeAsync()
    {
        Cluster.Dispose();
        Http.Dispose();
        return _program.DisposeAsync();
    }

    private async Task<string?> ReadyAsync(CancellationToken cancellationToken)
    {
        if (_program.HasExited)
        {
            var exitCode = await _program.ExitAsync(ExitTimeout, cancellationToken);
            throw new InvalidOperationException($"The silo ended with exit code {exitCode}. It said:\n{Output}");
        }
        try
        {
            using var response = await Http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode ? "ready" : null;
        }
        catch (HttpRequestException)
        {
            return null; // It does not listen yet.
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
