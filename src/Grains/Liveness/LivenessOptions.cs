using System.Globalization;
namespace VaeCluster.Grains.Liveness;

/// <summary>
/// How soon a silent silo counts as dead, and every wait that follows from it: Orleans' probes and heartbeats, response timeouts, device leases, and
/// how long one part of a run waits for another. One setting decides; the rest is derived, and may be set by itself as long as
/// <see cref="LivenessOptionsValidator"/> finds that it fits.
/// </summary>
public sealed class LivenessOptions
{
    /// <summary>Probes that a silo misses before it is suspected.</summary>
    public const int MissedProbes = 3;

    /// <summary>Heartbeats in the membership table that a silo misses before they are stale, and its vote on who is dead is not waited for.</summary>
    public const int MissedHeartbeats = 4;

    /// <summary>How long a silo may be silent before the others declare it dead.</summary>
    /// <value>Default 3 seconds; between 1 and 60.</value>
    /// <remarks>
    /// A shorter time recovers sooner from the loss of a node; a longer one tolerates longer pauses of a silo and a slower network. A silo that is declared
    /// dead while it lives ends itself and has to be started again.
    /// </remarks>
    public TimeSpan SilentSiloTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a silo waits for the answer to a probe, and the time between two probes.</summary>
    /// <value>
    /// Default a quarter of <see cref="SilentSiloTimeout"/>: the first probe may be due when the silo falls silent, and the last goes by
    /// way of a third silo.
    /// </value>
    public TimeSpan ProbeTimeout { get => field == default ? SilentSiloTimeout / 4 : field; set; }

    /// <summary>How often a silo writes that it lives into the membership table, and reads the table.</summary>
    /// <value>Default a quarter of <see cref="SilentSiloTimeout"/>: heartbeats are stale when probes fail too.</value>
    public TimeSpan HeartbeatPeriod { get => field == default ? SilentSiloTimeout / MissedHeartbeats : field; set; }

    /// <summary>How long a joining silo tries to reach the members of the cluster before it gives up.</summary>
    /// <value>Default twenty times <see cref="SilentSiloTimeout"/>.</value>
    public TimeSpan JoinTimeout { get => field == default ? SilentSiloTimeout * 20 : field; set; }

    /// <summary>How long a grain call waits for its answer where its interface says nothing else. Calls to a silo that is declared dead end at once.</summary>
    /// <value>Default twice <see cref="SilentSiloTimeout"/>.</value>
    public TimeSpan ResponseTimeout { get => field == default ? SilentSiloTimeout * 2 : field; set; }

    /// <summary>How often a silo announces its devices, a run renews its device lease, and a run asks its trainers for their status.</summary>
    /// <value>Default a third of <see cref="SilentSiloTimeout"/>, at most 1 second.</value>
    public TimeSpan RenewPeriod { get => field == default ? Min(SilentSiloTimeout / 3, TimeSpan.FromSeconds(1)) : field; set; }

    /// <summary>How long such a call waits for its answer; it is repeated with the next period.</summary>
    /// <value>Default <see cref="RenewPeriod"/>.</value>
    public TimeSpan AnswerTimeout { get => field == default ? RenewPeriod : field; set; }

    /// <summary>A silo that has not announced its devices for this long has lost them.</summary>
    /// <value>Default <see cref="SilentSiloTimeout"/>.</value>
    public TimeSpan AnnouncementLifetime { get => field == default ? SilentSiloTimeout : field; set; }

    /// <summary>A run that has not renewed its device lease for this long has lost its devices, and is reactivated.</summary>
    /// <value>Default <see cref="SilentSiloTimeout"/> and one <see cref="RenewPeriod"/> more.</value>
    public TimeSpan LeaseDuration { get => field == default ? SilentSiloTimeout + RenewPeriod : field; set; }

    /// <summary>How long an evaluation keeps its devices while the cluster's registry of devices does not answer.</summary>
    /// <value>Default ten times <see cref="SilentSiloTimeout"/>: far more than it takes to activate the registry on another silo.</value>
    public TimeSpan RegistryTimeout { get => field == default ? SilentSiloTimeout * 10 : field; set; }

    /// <summary>How long a run waits for a trainer to stop its work. A trainer that stops later is free later; nobody else waits for that.</summary>
    /// <value>Default <see cref="SilentSiloTimeout"/> and two <see cref="RenewPeriod"/> more.</value>
    public TimeSpan ReleaseTimeout { get => field == default ? SilentSiloTimeout + (RenewPeriod * 2) : field; set; }

    /// <summary>How long a trainer's pull waits at the parameter server for new weights. Afterwards everything is pushed again, in case it was lost.</summary>
    /// <value>Default two thirds of <see cref="SilentSiloTimeout"/>, at most 2 seconds: a parameter server that stops waits for the pulls at it.</value>
    public TimeSpan PullTimeout { get => field == default ? Min(SilentSiloTimeout * 2 / 3, TimeSpan.FromSeconds(2)) : field; set; }

    /// <summary>How long a call to a standby may take beyond what its bytes need. Training waits for these calls.</summary>
    /// <value>Default two thirds of <see cref="SilentSiloTimeout"/>: training does not wait until a second parameter server is declared dead.</value>
    public TimeSpan StandbyCallTimeout { get => field == default ? SilentSiloTimeout * 2 / 3 : field; set; }

    /// <summary>How long a silo may take to prepare for a standby. Training does not wait for that.</summary>
    /// <value>Default twice <see cref="SilentSiloTimeout"/>.</value>
    public TimeSpan StandbyReadyTimeout { get => field == default ? SilentSiloTimeout * 2 : field; set; }

    /// <summary>How long a parameter server that starts waits for the state that a standby followed, before it takes the newest checkpoint.</summary>
    /// <value>Default three times <see cref="SilentSiloTimeout"/>.</value>
    public TimeSpan StandbyFetchTimeout { get => field == default ? SilentSiloTimeout * 3 : field; set; }

    /// <summary>All of it in one line, for the log.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"a silent silo is declared dead after about {SilentSiloTimeout.TotalSeconds:0.##} s ({MissedProbes} probes of "
            + $"{ProbeTimeout.TotalSeconds:0.##} s); heartbeat every {HeartbeatPeriod.TotalSeconds:0.##} s, stale after "
            + $"{MissedHeartbeats}; response timeout {ResponseTimeout.TotalSeconds:0.##} s; device lease "
            + $"{LeaseDuration.TotalSeconds:0.##} s, renewed every {RenewPeriod.TotalSeconds:0.##} s; pull "
            + $"{PullTimeout.TotalSeconds:0.##} s, standby {StandbyCallTimeout.TotalSeconds:0.##} s");

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
