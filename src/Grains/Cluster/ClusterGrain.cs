using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Cluster;

/// <summary>
/// The cluster's book; there is one activation, with key 0. The list of runs survives deactivation; which silo has which devices and
/// which run holds them is told anew every second by those whom it concerns.
/// </summary>
public sealed partial class ClusterGrain : Grain, IClusterGrain
{
    /// <summary>How often the book looks for runs that have fallen silent.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);

    private readonly IPersistentState<ClusterBookState> _book;
    private readonly LivenessOptions _options;
    private readonly ClusterInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger<ClusterGrain> _logger;

    // Memory only; the announcements and requests of the next second restore it.
    private readonly DeviceBook _devices;
    private readonly Dictionary<string, DateTimeOffset> _expectedSince = new(StringComparer.Ordinal);
    private DateTimeOffset _activatedAt;

    /// <summary>For the runtime.</summary>
    public ClusterGrain(
        [PersistentState("cluster", FileGrainStorage.Name)] IPersistentState<ClusterBookState> book,
        IOptions<LivenessOptions> options,
        ClusterInstruments instruments,
        TimeProvider time,
        ILogger<ClusterGrain> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_book, _options, _instruments, _time, _logger) = (book, options.Value, instruments, time, logger);
        _devices = new DeviceBook(_options);
    }

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _activatedAt = _time.GetUtcNow();
        _instruments.OnCounted(CountRuns());
        // The silo that had the book is gone, and perhaps the runs that were there too; to wake one that is awake is harmless.
        this.RegisterGrainTimer(_ => WakeAsync([.. Open()]), new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        this.RegisterGrainTimer(_ => WakeSilentRunsAsync(), new GrainTimerCreationOptions(LookPeriod, LookPeriod) { KeepAlive = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _instruments.OnLeft();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<string> AnnounceAsync(SiloAnnouncement announcement) => Task.FromResult(_devices.Announce(announcement, _time.GetUtcNow()));

    /// <inheritdoc/>
    public Task WithdrawAsync(string silo)
    {
        _devices.Withdraw(silo);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<string> RegisterRunAsync(string name)
    {
        var runId = $"{name}-{_book.State.NextNumber}";
        await ChangeAsync(state =>
        {
            state.NextNumber++;
            state.Runs.Add(new BookedRun { RunId = runId });
        });
        _expectedSince[runId] = _time.GetUtcNow();
        return runId;
    }

    /// <inheritdoc/>
    public Task<DeviceGrant> RequestDevicesAsync(DeviceRequest request) =>
        Task.FromResult(_devices.Request(request, [.. Open().Select(run => run.RunId)], _time.GetUtcNow()));

    /// <inheritdoc/>
    public async Task CloseRunAsync(string runId, RunPhase phase)
    {
        _devices.Close(runId);
        if (Open().Any(run => run.RunId == runId))
            await ChangeAsync(state => state.Runs.Single(run => run.RunId == runId).Ended = phase);
        _expectedSince.Remove(runId);
    }

    /// <inheritdoc/>
    public async Task ReopenRunAsync(string runId)
    {
        if (_book.State.Runs.Exists(run => run.RunId == runId && run.Ended is not null))
            await ChangeAsync(state => state.Runs.Single(run => run.RunId == runId).Ended = null);
        _expectedSince[runId] = _time.GetUtcNow();
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> ListRunsAsync() =>
        Task.FromResult<ImmutableArray<string>>([.. _book.State.Runs.Select(run => run.RunId)]);

    /// <inheritdoc/>
    public Task<ImmutableArray<DeviceEntry>> ListDevicesAsync() => Task.FromResult(_devices.List(_time.GetUtcNow()));

    private IEnumerable<BookedRun> Open() => _book.State.Runs.Where(run => run.Ended is null);

    /// <summary>Runs that should be asking for devices and do not were on a silo that is gone: whoever gets the call activates them.</summary>
    private async Task WakeSilentRunsAsync()
    {
        _instruments.OnCounted(CountRuns());
        var now = _time.GetUtcNow();
        await WakeAsync([.. Open().Where(run => now - LastHeardOf(run.RunId) > _options.LeaseDuration)]);
    }

    /// <summary>When a run last asked for devices, or from when on it was expected to.</summary>
    private DateTimeOffset LastHeardOf(string runId) =>
        _devices.LastHeardOf(runId) ?? (_expectedSince.TryGetValue(runId, out var since) ? since : _activatedAt);

    /// <summary>All at once, and no longer than a call may take: one that cannot be reached must not keep the others waiting.</summary>
    private Task WakeAsync(IReadOnlyList<BookedRun> runs) => Task.WhenAll(runs.Select(run => WakeAsync(run.RunId)));

    private async Task WakeAsync(string runId)
    {
        LogWaking(runId);
        try
        {
            await GrainFactory.GetGrain<IRunGrain>(runId).WakeAsync().WaitAsync(_options.ResponseTimeout, _time);
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            LogNotWoken(runId, e.Message);
        }
    }

    private Dictionary<RunPhase, int> CountRuns() => Enum.GetValues<RunPhase>().ToDictionary(
        phase => phase,
        phase => _book.State.Runs.Count(run => (run.Ended ?? (_devices.HasDevices(run.RunId) ? RunPhase.Running : RunPhase.Pending)) == phase));

    private async Task ChangeAsync(Action<ClusterBookState> change)
    {
        change(_book.State);
        try
        {
            await _book.WriteStateAsync();
        }
        catch
        {
            // Memory must not stay ahead of the disk: read what is there, and let the caller know.
            await _book.ReadStateAsync();
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Run {RunId} has not been heard of; it is woken.")]
    private partial void LogWaking(string runId);

    [LoggerMessage(2, LogLevel.Warning, "Run {RunId} could not be woken; it is tried again: {Reason}")]
    private partial void LogNotWoken(string runId, string reason);
}
