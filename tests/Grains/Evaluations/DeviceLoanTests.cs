using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Evaluations;

namespace VaeCluster.Grains.Tests.Evaluations;

/// <summary>Devices that stay lent while the book that lends them is lost for a while.</summary>
public sealed class DeviceLoanTests
{
    private readonly FakeBook _book = new();
    private readonly FakeTimeProvider _time = new();
    private readonly DeviceLoan _loan;

    public DeviceLoanTests() =>
        _loan = new(_book, new DeviceRequest { RunId = "run-1/evaluation", Min = 1, Max = 2, Kind = DeviceKind.Any, Held = [] }, TimeSpan.FromSeconds(1), _time, NullLogger.Instance);

    [Fact]
    public async Task Renew_HoldsWhatItWasGiven_AndAsksForItAgain()
    {
        await _loan.RenewAsync();
        await _loan.RenewAsync();

        Assert.Equal(["a/cpu:0", "b/cpu:0"], _loan.Devices);
        Assert.Equal([[], ["a/cpu:0", "b/cpu:0"]], _book.Held);
    }

    [Fact]
    public async Task Renew_WhileTheBookIsLost_KeepsTheDevices_AndGoesOnWhenItIsBack()
    {
        await _loan.RenewAsync();
        _book.Fault = new SiloUnavailableException("Its silo is gone.");
        await _loan.RenewAsync();
        _time.Advance(DeviceLoan.SilenceMax - TimeSpan.FromTicks(1));
        await _loan.RenewAsync();
        _book.Fault = null;
        await _loan.RenewAsync();
        _book.Fault = new TimeoutException("It does not answer.");
        _time.Advance(DeviceLoan.SilenceMax);
        await _loan.RenewAsync();

        Assert.Equal(["a/cpu:0", "b/cpu:0"], _loan.Devices);
        Assert.Equal("", _loan.Message);
    }

    [Fact]
    public async Task Renew_WhenTheBookStaysLost_GivesUp_AndSaysWhy()
    {
        _book.Fault = new SiloUnavailableException("Its silo is gone.");
        await _loan.RenewAsync();
        _time.Advance(DeviceLoan.SilenceMax);

        var lost = await Assert.ThrowsAsync<InvalidOperationException>(_loan.RenewAsync);

        Assert.Equal("The cluster's book of devices has not answered for 30 s: Its silo is gone. Ask again when the cluster is whole.", lost.Message);
    }

    private sealed class FakeBook : IClusterGrain
    {
        public Exception? Fault { get; set; }

        public List<ImmutableArray<string>> Held { get; } = [];

        public Task<DeviceGrant> RequestDevicesAsync(DeviceRequest request)
        {
            Held.Add(request.Held);
            return Fault is null ? Task.FromResult(new DeviceGrant(["a/cpu:0", "b/cpu:0"], "")) : Task.FromException<DeviceGrant>(Fault);
        }

        public Task AnnounceAsync(SiloAnnouncement announcement) => throw new NotSupportedException();

        public Task WithdrawAsync(string silo) => throw new NotSupportedException();

        public Task<string> RegisterRunAsync(string name) => throw new NotSupportedException();

        public Task CloseRunAsync(string runId, RunPhase phase) => throw new NotSupportedException();

        public Task ReopenRunAsync(string runId) => throw new NotSupportedException();

        public Task<ImmutableArray<string>> ListRunsAsync() => throw new NotSupportedException();

        public Task<ImmutableArray<DeviceEntry>> ListDevicesAsync() => throw new NotSupportedException();
    }
}
