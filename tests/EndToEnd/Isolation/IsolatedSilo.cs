using System.Net;
using Grpc.Core;
using VaeCluster.Client;

namespace VaeCluster.EndToEnd.Isolation;

/// <summary>A silo on a node of a network of its own, with the usual ports and one CPU slot.</summary>
internal sealed class IsolatedSilo : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    private readonly RunningProgram _program;
    private readonly HttpClient _http;

    private IsolatedSilo(RunningProgram program, IPAddress address)
    {
        _program = program;
        _http = new HttpClient { BaseAddress = new Uri($"http://{address}:9464"), Timeout = AnswerTimeout };
        Cluster = new VaeClusterClient(new Uri($"http://{address}:50051"));
    }

    public VaeClusterClient Cluster { get; }

    public bool HasExited => _program.HasExited;

    public string Output => _program.Output;

    /// <summary>Starts a silo and waits until it is ready.</summary>
    public static async Task<IsolatedSilo> StartAsync(NetworkNamespaces network, int node, string redis, string dataDir)
    {
        var address = NetworkNamespaces.AddressOf(node);
        var program = RunningProgram.Start("ip",
        [
            .. network.CommandOn(node, BuiltRepository.Program("Silo", "vaesilo")),
            "--name", NameOf(node), "--devices", "cpu:1", "--data-dir", dataDir, "--redis", redis, "--bind", "0.0.0.0", "--advertise", $"{address}",
        ]);
        var silo = new IsolatedSilo(program, address);
        try
        {
            await Eventually.GetAsync($"/readyz of {NameOf(node)}", () => silo.GetAsync("/readyz"), ReadyTimeout);
            return silo;
        }
        catch (TimeoutException e)
        {
            await silo.DisposeAsync();
            throw new TimeoutException($"{e.Message} The silo said:\n{silo.Output}", e);
        }
    }

    public static string NameOf(int node) => $"node-{node}";

    /// <summary>A page of the silo; null while it does not answer.</summary>
    public async Task<string?> GetAsync(string path)
    {
        try
        {
            return await _http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !TestContext.Current.CancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>An answer of the silo; null while it does not answer.</summary>
    public static async Task<T?> AskAsync<T>(Func<DateTime, AsyncUnaryCall<T>> ask)
        where T : class
    {
        try
        {
            return await ask(DateTime.UtcNow + AnswerTimeout);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled)
        {
            return null;
        }
    }

    /// <summary>Waits until the silo has ended by itself.</summary>
    public Task<int> ExitAsync(TimeSpan timeout) => _program.ExitAsync(timeout, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Cluster.Dispose();
        _http.Dispose();
        await _program.DisposeAsync();
    }
}
