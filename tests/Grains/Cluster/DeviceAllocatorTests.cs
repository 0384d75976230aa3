using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Cluster;
using VaeCluster.Grains.Liveness;

namespace VaeCluster.Grains.Tests.Cluster;

public sealed class DeviceAllocatorTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DeviceAllocator _allocator = new(new LivenessOptions(), Start);

    [Fact]
    public void Request_WithEnoughDevices_GivesTheFirstOfEverySiloBeforeTheSecondOfAny()
    {
        Announce("a", cpus: 2);
        Announce("b", cpus: 2);

        var grant = Request("run-1", min: 1, max: 3);

        Assert.Equal(["a/cpu:0", "b/cpu:0", "a/cpu:1"], grant.Devices);
        Assert.Empty(grant.Message);
    }

    [Fact]
    public void Request_FromASilo_GivesThatSilosDeviceFirst()
    {
        Announce("a", cpus: 2);
        Announce("b", cpus: 2);

        var grant = _allocator.Request(new() { RunId = "run-1", Min = 1, Max = 3, Kind = DeviceKind.Any, Held = [], Silo = "b" }, ["run-1"], Start);
        var renewed = _allocator.Request(new() { RunId = "run-1", Min = 1, Max = 3, Kind = DeviceKind.Any, Held = grant.Devices, Silo = "b" }, ["run-1"], Start);

        Assert.Equal(["b/cpu:0", "a/cpu:0", "b/cpu:1"], grant.Devices);
        Assert.Equal(grant.Devices, renewed.Devices);
    }

    [Fact]
    public void Request_BeforeAnySiloIsKnownAgain_KeepsWhatIsHeld_AndGivesNothingNew()
    {
        Assert.Equal(["a/cpu:0", "b/cpu:0"], Renew(Start, "a/cpu:0", "b/cpu:0").Devices);
        Assert.Empty(Renew(Start).Devices);
    }

    [Fact]
    public void Request_OnceASiloIsKnown_KeepsOnlyWhatIsThere()
    {
        Renew(Start, "a/cpu:0", "b/cpu:0");

        Announce("a", cpus: 1);

        Assert.Equal(["a/cpu:0"], Renew(Start, "a/cpu:0", "b/cpu:0").Devices);
    }

    [Fact]
    public void Request_WhereNoSiloAnnouncesItselfInTime_GivesNone() =>
        Assert.Equal("The run needs 1 device; the cluster has 0, 0 of them free.", Renew(Start + new LivenessOptions().AnnouncementLifetime, "a/cpu:0").Message);

    [Fact]
    public void Request_WithTooFew_GivesNoneAndSaysWhatIsMissing()
    {
        Announce("a", cpus: 1);

        var grant = Request("run-1", min: 2, max: 2);

        Assert.Empty(grant.Devices);
        Assert.Equal("The run needs 2 devices; the cluster has 1, 1 of them free.", grant.Message);
        Assert.All(_allocator.List(Start), device => Assert.Empty(device.RunId));
    }

    [Fact]
    public void Request_OfAKindThatIsNotThere_NamesTheKind()
    {
        Announce("a", cpus: 4);

        var grant = Request("run-1", min: 1, max: 1, kind: DeviceKind.Cuda);

        Assert.Equal("The run needs 1 cuda device; the cluster has 0, 0 of them free.", grant.Message);
    }

    [Fact]
    public void Request_Renewed_KeepsItsDevicesAndTakesMoreWhenTheyCome()
    {
        Announce("a", cpus: 1);
        var first = Request("run-1", min: 1, max: 2);
        Announce("b", cpus: 1);

        var second = Request("run-1", min: 1, max: 2, held: [.. first.Devices]);

        Assert.Equal(["a/cpu:0"], first.Devices);
        Assert.Equal(["a/cpu:0", "b/cpu:0"], second.Devices);
    }

    [Fact]
    public void Request_WhenAnOlderRunWaits_WaitsBehindIt()
    {
        Announce("a", cpus: 1);
        Request("run-1", min: 2, max: 2);

        var grant = Request("run-2", min: 1, max: 1);

        Assert.Empty(grant.Devices);
        Assert.Equal("Run run-1 was submitted earlier and waits for devices too.", grant.Message);
    }

    [Fact]
    public void Request_NeverGivesOneDeviceToTwoRuns()
    {
        Announce("a", cpus: 3);

        var first = Request("run-1", min: 1, max: 2);
        var second = Request("run-2", min: 1, max: 2);

        Assert.Equal(2, first.Devices.Length);
        Assert.Single(second.Devices);
        Assert.Empty(first.Devices.Intersect(second.Devices));
    }

    [Fact]
    public void Request_ForDevicesThatAnotherRunHas_DoesNotTakeThem()
    {
        Announce("a", cpus: 1);
        Request("run-1", min: 1, max: 1);

        var grant = Request("run-2", min: 1, max: 1, held: ["a/cpu:0"]);

        Assert.Empty(grant.Devices);
    }

    [Fact]
    public void Request_OfAnyKind_DoesNotMixKinds()
    {
        _allocator.Announce(new SiloAnnouncement("a", "1", [new("cpu:0", DeviceKind.Cpu, ""), new("cuda:0", DeviceKind.Cuda, "")]), Start);

        var grant = Request("run-1", min: 1, max: 2);

        Assert.Equal(["a/cuda:0"], grant.Devices);
    }

    [Fact]
    public void List_AfterASiloFellSilent_ForgetsItsDevicesAndLeases()
    {
        Announce("a", cpus: 1);
        Request("run-1", min: 1, max: 1);
        var later = Start + new LivenessOptions().AnnouncementLifetime + TimeSpan.FromMilliseconds(1);
        _allocator.Announce(new SiloAnnouncement("b", "1", [new("cpu:0", DeviceKind.Cpu, "")]), later);

        var grant = _allocator.Request(RequestOf("run-1", 1, 1, held: ["a/cpu:0"]), ["run-1"], later);

        Assert.Equal(["b/cpu:0"], grant.Devices);
    }

    [Fact]
    public void List_AfterARunFellSilent_FreesItsDevices()
    {
        var later = Start + new LivenessOptions().LeaseDuration + TimeSpan.FromMilliseconds(1);
        Announce("a", cpus: 1);
        Request("run-1", min: 1, max: 1);
        _allocator.Announce(new SiloAnnouncement("a", "1", [new("cpu:0", DeviceKind.Cpu, "")]), later);

        Assert.Equal("", Assert.Single(_allocator.List(later)).RunId);
        Assert.Null(_allocator.LastHeardOf("run-1"));
    }

    [Fact]
    public void Close_FreesDevices()
    {
        Announce("a", cpus: 1);
        Request("run-1", min: 1, max: 1);

        _allocator.Close("run-1");

        Assert.Equal(["a/cpu:0"], Request("run-2", min: 1, max: 1).Devices);
    }

    [Fact]
    public void Withdraw_TakesTheSilosDevicesOut()
    {
        Announce("a", cpus: 2);

        _allocator.Withdraw("a");

        Assert.Empty(_allocator.List(Start));
    }

    private void Announce(string silo, int cpus) =>
        _allocator.Announce(new SiloAnnouncement(silo, "1", [.. Enumerable.Range(0, cpus).Select(slot => new Device($"cpu:{slot}", DeviceKind.Cpu, ""))]), Start);

    private DeviceGrant Request(string run, int min, int max, DeviceKind kind = DeviceKind.Any, string[]? held = null) =>
        _allocator.Request(RequestOf(run, min, max, kind, held), ["run-1", "run-2"], Start);

    private DeviceGrant Renew(DateTimeOffset now, params string[] held) =>
        _allocator.Request(new() { RunId = "run-1", Min = 1, Max = 2, Kind = DeviceKind.Any, Held = [.. held], Silo = "a" }, ["run-1"], now);

    private static DeviceRequest RequestOf(string run, int min, int max, DeviceKind kind = DeviceKind.Any, string[]? held = null) =>
        new() { RunId = run, Min = min, Max = max, Kind = kind, Held = [.. held ?? []] };

    [Fact]
    public void Announce_OfAnotherVersion_IsRefused_UntilTheOthersHaveLeft()
    {
        var allocator = new DeviceAllocator(new LivenessOptions(), Start);
        var old = new SiloAnnouncement("a", "1", [new("cpu:0", DeviceKind.Cpu, "")]);
        var newer = new SiloAnnouncement("b", "2", [new("cpu:0", DeviceKind.Cpu, "")]);

        Assert.Equal("", allocator.Announce(old, Start));
        var refusal = allocator.Announce(newer, Start);
        var devices = allocator.List(Start);
        allocator.Withdraw("a");

        Assert.Equal("Silo b runs version 2, and a version 1; all silos of a cluster must run one version. Its devices are not used until a has left or runs the same.", refusal);
        Assert.Equal(["a/cpu:0"], devices.Select(device => device.Id));
        Assert.Equal("", allocator.Announce(newer, Start));
    }
}
