namespace VaeCluster.Silo.Hosting;

/// <summary>Logs which silos join the cluster, leave it, and are declared dead, as this silo learns it.</summary>
internal sealed partial class MembershipLog(IClusterMembershipService membership, ILocalSiloDetails self, ILogger<MembershipLog> logger) : BackgroundService
{
    private readonly Dictionary<SiloAddress, SiloStatus> _known = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                foreach (var member in snapshot.Members.Values.Where(member => !member.SiloAddress.Equals(self.SiloAddress)))
                    Report(member);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private void Report(ClusterMember member)
    {
        // Rows of silos that were dead before this one started are history.
        var before = _known.GetValueOrDefault(member.SiloAddress);
        _known[member.SiloAddress] = member.Status;
        if (before == member.Status)
            return;
        if (member.Status == SiloStatus.Active)
            LogJoined(member.Name, member.SiloAddress.Endpoint);
        else if (member.Status is SiloStatus.ShuttingDown or SiloStatus.Stopping && before == SiloStatus.Active)
            LogLeaving(member.Name, member.SiloAddress.Endpoint);
        else if (member.Status == SiloStatus.Dead && before == SiloStatus.Active)
            LogDead(member.Name, member.SiloAddress.Endpoint);
    }

    [LoggerMessage(1, LogLevel.Information, "Silo {Silo} at {Address} is a member of the cluster.")]
    private partial void LogJoined(string silo, System.Net.IPEndPoint address);

    [LoggerMessage(2, LogLevel.Information, "Silo {Silo} at {Address} stops and leaves the cluster.")]
    private partial void LogLeaving(string silo, System.Net.IPEndPoint address);

    [LoggerMessage(3, LogLevel.Warning, "Silo {Silo} at {Address} is declared dead.")]
    private partial void LogDead(string silo, System.Net.IPEndPoint address);
}
