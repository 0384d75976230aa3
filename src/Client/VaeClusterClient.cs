using Grpc.Core;
using Grpc.Net.Client;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client;

/// <summary>A connection to a cluster, through any of its silos. Safe to use from many threads; dispose it at the end.</summary>
/// <example><code>
/// using var cluster = new VaeClusterClient(new Uri("http://127.0.0.1:50051"));
/// var run = await cluster.Runs.SubmitAsync(new SubmitRequest { Spec = File.ReadAllText("run.yaml") });
/// await foreach (var update in cluster.WatchAsync(run.RunId))
///     Console.WriteLine($"{update.Progress.Step}: {update.Progress.ElboNats}");
/// </code></example>
public sealed class VaeClusterClient : IDisposable
{
    /// <summary>Enough for ten thousand evaluations of a model of a thousand latent dimensions; the other answers are small.</summary>
    private const int MessageBytesMax = 512 << 20;

    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(500);

    private readonly GrpcChannel _channel;

    /// <summary>Connects at the first call.</summary>
    /// <param name="server">A silo's gRPC address, e.g. <c>http://127.0.0.1:50051</c>.</param>
    public VaeClusterClient(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        _channel = GrpcChannel.ForAddress(server, new GrpcChannelOptions { MaxReceiveMessageSize = MessageBytesMax });
        Runs = new Runs.RunsClient(_channel);
        Devices = new Devices.DevicesClient(_channel);
        Artifacts = new Artifacts.ArtifactsClient(_channel);
        Models = new Models.ModelsClient(_channel);
        Cluster = new Cluster.ClusterClient(_channel);
    }

    /// <summary>Training runs.</summary>
    public Runs.RunsClient Runs { get; }

    /// <summary>Devices of the silos.</summary>
    public Devices.DevicesClient Devices { get; }

    /// <summary>Files that runs leave.</summary>
    public Artifacts.ArtifactsClient Artifacts { get; }

    /// <summary>Use of trained models.</summary>
    public Models.ModelsClient Models { get; }

    /// <summary>The cluster itself.</summary>
    public Cluster.ClusterClient Cluster { get; }

    /// <summary>A run now, and again at each change, until it ends. Connects again when the connection breaks.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="timeout">How long the cluster may be out of reach; default a minute.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="RpcException">There is no such run, or the cluster was out of reach for too long.</exception>
    public async IAsyncEnumerable<Run> WatchAsync(
        string runId,
        TimeSpan? timeout = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var lost = new System.Diagnostics.Stopwatch();
        while (true)
        {
            using var call = Runs.Watch(new GetRunRequest { RunId = runId }, cancellationToken: cancellationToken);
            while (await MoveNextAsync(call.ResponseStream, lost, timeout ?? TimeSpan.FromMinutes(1), cancellationToken) is { } hasNext)
            {
                if (!hasNext)
                    yield break;
                yield return call.ResponseStream.Current;
            }
            await Task.Delay(ReconnectDelay, cancellationToken);
        }
    }

    /// <summary>The runs, oldest first, read page by page as they are asked for.</summary>
    /// <param name="phases">Only those in one of these phases; none for all.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    public async IAsyncEnumerable<Run> ListRunsAsync(
        IReadOnlyCollection<Phase> phases,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new ListRunsRequest { Phases = { phases } };
        do
        {
            var page = await Runs.ListAsync(request, cancellationToken: cancellationToken);
            foreach (var run in page.Runs)
                yield return run;
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    /// <summary>Copies a file of a run.</summary>
    /// <exception cref="RpcException">There is no such run or file.</exception>
    public async Task DownloadAsync(string runId, string name, Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using var call = Artifacts.Download(new DownloadRequest { RunId = runId, Name = name }, cancellationToken: cancellationToken);
        await foreach (var chunk in call.ResponseStream.ReadAllAsync(cancellationToken))
            await destination.WriteAsync(chunk.Content.Memory, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    /// <summary>
    /// Whether the silo or the way to it went away. A connection that ends in the midst of a stream has statuses of many kinds, with the
    /// cause beside it.
    /// </summary>
    private static bool IsLoss(RpcException e) => e.StatusCode == StatusCode.Unavailable || e.Status.DebugException is IOException or HttpRequestException;

    /// <summary>True for a next message, false at the end, null when the connection broke and may come back.</summary>
    private static async Task<bool?> MoveNextAsync(
        IAsyncStreamReader<Run> stream,
        System.Diagnostics.Stopwatch lost,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        try
        {
            var hasNext = await stream.MoveNext(cancellationToken);
            lost.Reset();
            return hasNext;
        }
        catch (RpcException e) when (IsLoss(e) && lost.Elapsed < timeout)
        {
            lost.Start();
            return null;
        }
    }
}
