using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Cluster;

/// <summary>
/// The cluster's registry of runs and devices; there is one activation, with key 0. The runs survive deactivation; which silo has which devices and which
/// run holds them is announced again every second by those whom it concerns.
/// </summary>
public sealed class ClusterGrain : Grain, IClusterGrain
{
    private readonly LivenessOptions _liveness;
    private readonly ClusterInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly RunRegistry _runs;
    private readonly RunReviver _reviver;

    // Memory only; the announcements and requests of the next second restore it.
    private readonly DeviceAllocator _devices;

    /// <summary>For the runtime.</summary>
    public ClusterGrain(
        [PersistentState("cluster", FileGrainStorage.Name)] IPersistentState<RunRegistryState> runs,
        IOptions<LivenessOptions> liveness,
        ClusterInstruments instruments,
        IGrainFactory grains,
        TimeProvider time,
        ILogger<ClusterGrain> logger)
    {
        ArgumentNullException.ThrowIfNull(liveness);
        _liveness = liveness.Value;
        _instruments = instruments;
        _time = time;
        _runs = new RunRegistry(runs);
        _devices = new DeviceAllocator(_liveness, time.GetUtcNow());
        _reviver = new RunReviver(grains, _liveness, time, logger);
    }

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        CountRuns();
        // The silo that had the registry is gone, and perhaps the runs that were there too.
        this.RegisterGrainTimer(_ => _reviver.ReactivateAsync(_runs.Open), new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        this.RegisterGrainTimer(_ => ReviveAsync(), new GrainTimerCreationOptions(_liveness.RenewPeriod, _liveness.RenewPeriod) { KeepAlive = true });
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
        var runId = await _runs.RegisterAsync(name);
        _reviver.Expect(runId);
        return runId;
    }

    /// <inheritdoc/>
    public Task<DeviceGrant> RequestDevicesAsync(DeviceRequest request) => Task.FromResult(_devices.Request(request, _runs.Open, _time.GetUtcNow()));

    /// <inheritdoc/>
    public async Task CloseRunAsync(string runId, RunPhase phase)
    {
        _devices.Close(runId);
        await _runs.CloseAsync(runId, phase);
        _reviver.Forget(runId);
    }

    /// <inheritdoc/>
    public async Task ReopenRunAsync(string runId)
    {
        await _runs.ReopenAsync(runId);
        _reviver.Expect(runId);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<RunEntry>> ListRunsAsync(long after, int count)
    {
        var now = _time.GetUtcNow();
        return Task.FromResult(_runs.Page(after, count, runId => _devices.LastHeardOf(runId) is { } at && now - at < _liveness.LeaseDuration));
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<DeviceEntry>> ListDevicesAsync() => Task.FromResult(_devices.List(_time.GetUtcNow()));

    private Task ReviveAsync()
    {
        CountRuns();
        return _reviver.ReactivateAsync(_reviver.Silent(_runs.Open, _devices.LastHeardOf));
    }

    private void CountRuns() => _instruments.OnCounted(_runs.CountByPhase(_devices.HasDevices));
}
