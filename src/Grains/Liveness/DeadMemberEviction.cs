using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace VaeCluster.Grains.Liveness;

/// <summary>
/// Before a silo joins, declares those members dead whose processes have ended. A silo must reach every active member to join, and the members of
/// a cluster whose silos all died stay active until their heartbeats are stale and the first who join have probed them: seconds in which nothing runs.
/// </summary>
/// <remarks>
/// It takes two facts that do not depend on each other: the heartbeat of the member stands still for two periods, and either its address refuses
/// connections or the member has the name of this silo, which has replaced it. A silo that is only slow, halted or cut off refuses none; one that a
/// firewall refuses goes on with its heartbeat. Whoever is neither is left to Orleans' probes and votes.
/// </remarks>
internal sealed partial class DeadMemberEviction : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>After the table was read for the first time, and before this silo is written into it.</summary>
    private const int Stage = ServiceLifecycleStage.RuntimeGrainServices + 50;

    /// <summary>Silos that start together declare the same members dead, and only one of two that write at once succeeds.</summary>
    private const int AttemptsMax = 20;

    private static readonly TimeSpan AttemptPeriod = TimeSpan.FromMilliseconds(50);

    private readonly IMembershipTable _table;
    private readonly IClusterMembershipService _membership;
    private readonly ILocalSiloDetails _self;
    private readonly LivenessOptions _liveness;
    private readonly TimeProvider _time;
    private readonly ILogger<DeadMemberEviction> _logger;

    public DeadMemberEviction(
        IMembershipTable table,
        IClusterMembershipService membership,
        ILocalSiloDetails self,
        IOptions<LivenessOptions> liveness,
        TimeProvider time,
        ILogger<DeadMemberEviction> logger)
    {
        _table = table;
        _membership = membership;
        _self = self;
        _liveness = liveness.Value;
        _time = time;
        _logger = logger;
    }

    /// <summary>How long a heartbeat must stand still.</summary>
    public TimeSpan Observation => _liveness.HeartbeatPeriod * 2;

    /// <summary>Whether an address refuses connections; a test puts something else here.</summary>
    public Func<IPEndPoint, TimeSpan, CancellationToken, Task<bool>> IsRefusedAsync { get; init; } = ConnectionProbe.IsRefusedAsync;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(DeadMemberEviction), Stage, TryEvictAsync);

    /// <summary>Declares dead who must be, and returns when the table says so.</summary>
    internal async Task EvictAsync(CancellationToken cancellationToken)
    {
        var suspects = await SuspectsAsync(cancellationToken);
        if (suspects.Count == 0)
            return;
        await Task.Delay(Observation, _time, cancellationToken);
        foreach (var member in await ActiveAsync(cancellationToken))
        {
            if (suspects.TryGetValue(member.SiloAddress, out var heartbeat) && member.IAmAliveTime == heartbeat)
                await EvictAsync(member, cancellationToken);
        }
        // The others may have been quicker, and this silo would still try to reach whom it last saw alive.
        await _membership.Refresh(cancellationToken: cancellationToken);
    }

    private async Task TryEvictAsync(CancellationToken cancellationToken)
    {
        try
        {
            await EvictAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The silo joins without it, and later: Orleans asks the same table, and tries again where it does not answer.
            LogNotEvicted(e.Message);
        }
    }

    /// <summary>Members that look dead at first sight, with their last heartbeats.</summary>
    private async Task<Dictionary<SiloAddress, DateTime>> SuspectsAsync(CancellationToken cancellationToken)
    {
        var members = await ActiveAsync(cancellationToken);
        var isSuspect = await Task.WhenAll(members.Select(member => IsSuspectAsync(member, cancellationToken)));
        return members.Where((_, i) => isSuspect[i]).ToDictionary(member => member.SiloAddress, member => member.IAmAliveTime);
    }

    private async Task<bool> IsSuspectAsync(MembershipEntry member, CancellationToken cancellationToken) =>
        member.SiloName == _self.Name || await IsRefusedAsync(member.SiloAddress.Endpoint, _liveness.ProbeTimeout, cancellationToken);

    private async Task<List<MembershipEntry>> ActiveAsync(CancellationToken cancellationToken)
    {
        var table = await _table.ReadAllAsync(cancellationToken);
        return [.. table.Members.Select(row => row.Item1).Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(_self.SiloAddress))];
    }

    private async Task EvictAsync(MembershipEntry member, CancellationToken cancellationToken)
    {
        LogEvicting(member.SiloName, member.SiloAddress.Endpoint, Observation.TotalSeconds);
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            await _membership.TryKill(member.SiloAddress);
            await Task.Delay(AttemptPeriod, _time, cancellationToken);
            if (!(await ActiveAsync(cancellationToken)).Exists(active => active.SiloAddress.Equals(member.SiloAddress)))
                return;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Silo {Silo} at {Address} has ended and wrote no heartbeat for {Seconds:0.##} s; it is declared dead.")]
    private partial void LogEvicting(string silo, IPEndPoint address, double seconds);

    [LoggerMessage(2, LogLevel.Warning, "Members that have ended could not be declared dead; this silo joins when the others have found out: {Reason}")]
    private partial void LogNotEvicted(string reason);
}
