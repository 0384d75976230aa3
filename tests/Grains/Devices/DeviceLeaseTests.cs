using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Liveness;

namespace VaeCluster.Grains.Tests.Devices;

/// <summary>Devices that stay leased while the registry that leases them is lost for a while.</summary>
public sealed class DeviceLeaseTests
{
    private readonly FakeRegistry _registry = new();
    private readonly FakeTimeProvider _time = new();
    private readonly DeviceLease _lease;

    public DeviceLeaseTests() =>
        _lease = new(_registry, new DeviceRequest { RunId = "run-1/evaluation", Min = 1, Max = 2, Kind = DeviceKind.Any, Held = [] }, new LivenessOptions(), _time, NullLogger.Instance);

    [Fact]
    public async Task Renew_HoldsWhatItWasGiven_AndAsksForItAgain()
    {
        await _lease.RenewAsync();
        await _lease.RenewAsync();

        Assert.Equal(["a/cpu:0", "b/cpu:0"], _lease.Devices);
        Assert.Equal([[], ["a/cpu:0", "b/cpu:0"]], _registry.Held);
    }

    [Fact]
    public async Task Renew_WhileTheRegistryIsLost_KeepsTheDevices_AndGoesOnWhenItIsBack()
    {
        await _lease.RenewAsync();
        _registry.Error = new SiloUnavailableException("Its silo is gone.");
        await _lease.RenewAsync();
        _time.Advance(TimeSpan.FromSeconds(29));
        await _lease.RenewAsync();
        var silence = _lease.Silence;
        _registry.Error = null;
        await _lease.RenewAsync();

        Assert.Equal(["a/cpu:0", "b/cpu:0"], _lease.Devices);
        Assert.Equal("", _lease.Message);
        Assert.Equal((29, 0), (silence.TotalSeconds, _lease.Silence.TotalSeconds));
    }

    [Fact]
    public async Task Renew_OfARegistryThatHangs_EndsAfterTheAnswerTimeout()
    {
        _registry.Hangs = true;

        var renewal = _lease.RenewAsync();
        _time.Advance(new LivenessOptions().AnswerTimeout);
        await renewal.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.False(_lease.IsAnswered);
        Assert.Empty(_lease.Devices);
    }

    private sealed class FakeRegistry : IClusterGrain
    {
        public Exception? Error { get; set; }

        public bool Hangs { get; set; }

        public List<ImmutableArray<string>> Held { get; } = [];

        public Task<DeviceGrant> RequestDevicesAsync(DeviceRequest request)
        {
            Held.Add(request.Held);
            if (Hangs)
                return new TaskCompletionSource<DeviceGrant>().Task;
            return Error is null ? Task.FromResult(new DeviceGrant(["a/cpu:0", "b/cpu:0"], "")) : Task.FromException<DeviceGrant>(Error);
        }

        public Task<string> AnnounceAsync(SiloAnnouncement announcement) => throw new NotSupportedException();

        public Task WithdrawAsync(string silo) => throw new NotSupportedException();

        public Task<string> RegisterRunAsync(string name) => throw new NotSupportedException();

        public Task CloseRunAsync(string runId, RunPhase phase) => throw new NotSupportedException();

        public Task ReopenRunAsync(string runId) => throw new NotSupportedException();

        public Task<ImmutableArray<RunEntry>> ListRunsAsync(long after, int count) => throw new NotSupportedException();

        public Task<ImmutableArray<DeviceEntry>> ListDevicesAsync() => throw new NotSupportedException();
    }
}
