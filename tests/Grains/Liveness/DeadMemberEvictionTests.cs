using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VaeCluster.Grains.Liveness;

namespace VaeCluster.Grains.Tests.Liveness;

/// <summary>A silo that starts declares dead who has ended, and nobody else.</summary>
public sealed class DeadMemberEvictionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ObservedTime _time = new();
    private readonly FakeMembership _membership = new();
    private readonly HashSet<int> _refusing = [];
    private readonly DeadMemberEviction _eviction;

    public DeadMemberEvictionTests() => _eviction = new(
        _membership, _membership, _membership, Options.Create(new LivenessOptions()), _time, NullLogger<DeadMemberEviction>.Instance)
    {
        IsRefusedAsync = (address, _, _) => Task.FromResult(_refusing.Contains(address.Port)),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Evict_OfMembersThatRefuseAndWriteNoHeartbeat_DeclaresThemDead()
    {
        _membership.Add("other", 1);
        _membership.Add("living", 2);
        _refusing.Add(1);

        await EvictAsync(attempts: 1);

        Assert.Equal([SiloStatus.Dead, SiloStatus.Active], _membership.Statuses);
        Assert.Equal(1, _membership.Refreshes);
    }

    [Fact]
    public async Task Evict_OfAMemberThatRefusesButWritesHeartbeats_LeavesIt()
    {
        _membership.Add("behind-a-firewall", 1);
        _refusing.Add(1);
        _membership.BeforeRead = reads => _membership.Beat(1, reads);

        await EvictAsync(attempts: 0);

        Assert.Equal([SiloStatus.Active], _membership.Statuses);
        Assert.Empty(_membership.Killed);
    }

    [Fact]
    public async Task Evict_OfAMemberThatIsSilentButRefusesNothing_LeavesItToOrleans_AndDoesNotWait()
    {
        _membership.Add("halted", 1);

        await _eviction.EvictAsync(Token).WaitAsync(Limit, Token);

        Assert.Empty(_membership.Killed);
    }

    /// <summary>A pod comes back with another address, and nothing answers at the old one.</summary>
    [Fact]
    public async Task Evict_OfASilentMemberOfThisSilosName_DeclaresItDead()
    {
        _membership.Add(FakeMembership.OwnName, 1);

        await EvictAsync(attempts: 1);

        Assert.Equal([SiloStatus.Dead], _membership.Statuses);
    }

    [Fact]
    public async Task Evict_WhileAnotherSiloWritesTheTable_TriesAgain()
    {
        _membership.Add("other", 1);
        _refusing.Add(1);
        _membership.Conflicts = 2;

        await EvictAsync(attempts: 3);

        Assert.Equal(3, _membership.Killed.Count);
        Assert.Equal([SiloStatus.Dead], _membership.Statuses);
    }

    [Fact]
    public async Task IsRefused_TellsAClosedPortFromAnOpenOne()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = (IPEndPoint)listener.LocalEndpoint;

        Assert.False(await ConnectionProbe.IsRefusedAsync(address, Limit, Token));
        listener.Stop();
        Assert.True(await ConnectionProbe.IsRefusedAsync(address, Limit, Token));
    }

    /// <summary>Evicts, and lets the time of the observation and of each attempt pass.</summary>
    private async Task EvictAsync(int attempts)
    {
        var evicting = _eviction.EvictAsync(Token);
        Assert.Equal(TimeSpan.FromSeconds(1.5), await _time.PassNextTimerAsync());
        for (var attempt = 0; attempt < attempts; attempt++)
            Assert.Equal(TimeSpan.FromMilliseconds(50), await _time.PassNextTimerAsync());
        await evicting.WaitAsync(Limit, Token);
    }

    /// <summary>A membership table, who writes it, and the silo that reads it.</summary>
    private sealed class FakeMembership : IMembershipTable, IClusterMembershipService, ILocalSiloDetails
    {
        public const string OwnName = "self";

        private readonly List<MembershipEntry> _rows = [];
        private int _reads;

        /// <summary>Called before each read, with how many there have been.</summary>
        public Action<int> BeforeRead { get; set; } = _ => { };

        /// <summary>How many of the next writes find that another was quicker.</summary>
        public int Conflicts { get; set; }

        public List<SiloAddress> Killed { get; } = [];

        public int Refreshes { get; private set; }

        public IEnumerable<SiloStatus> Statuses => _rows.Select(row => row.Status);

        public string Name => OwnName;

        public string ClusterId => "test";

        public string DnsHostName => "test";

        public SiloAddress SiloAddress { get; } = SiloAddress.New(IPAddress.Loopback, 9, 1);

        public SiloAddress GatewayAddress => SiloAddress;

        public ClusterMembershipSnapshot CurrentSnapshot => throw new NotSupportedException();

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public void Add(string name, int port) =>
            _rows.Add(new() { SiloName = name, SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 1), Status = SiloStatus.Active });

        public void Beat(int port, int time) => _rows.Single(row => row.SiloAddress.Endpoint.Port == port).IAmAliveTime = DateTime.UnixEpoch.AddSeconds(time);

        public Task<MembershipTableData> ReadAll()
        {
            BeforeRead(++_reads);
            return Task.FromResult(new MembershipTableData([.. _rows.Select(row => Tuple.Create(Copy(row), ""))], new TableVersion(_reads, "")));
        }

        private static MembershipEntry Copy(MembershipEntry row) =>
            new() { SiloName = row.SiloName, SiloAddress = row.SiloAddress, Status = row.Status, IAmAliveTime = row.IAmAliveTime };

        public Task<bool> TryKill(SiloAddress siloAddress)
        {
            Killed.Add(siloAddress);
            if (Conflicts-- <= 0)
                _rows.Single(row => row.SiloAddress.Equals(siloAddress)).Status = SiloStatus.Dead;
            return Task.FromResult(true);
        }

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
        {
            Refreshes++;
            return default;
        }

        public Task InitializeMembershipTable(bool tryInitTableVersion) => throw new NotSupportedException();

        public Task DeleteMembershipTableEntries(string clusterId) => throw new NotSupportedException();

        public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => throw new NotSupportedException();

        public Task<MembershipTableData> ReadRow(SiloAddress key) => throw new NotSupportedException();

        public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => throw new NotSupportedException();

        public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => throw new NotSupportedException();

        public Task UpdateIAmAlive(MembershipEntry entry) => throw new NotSupportedException();
    }
}
