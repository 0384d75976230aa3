namespace VaeCluster.Contracts.Runs;

/// <summary>The reasons that conditions carry: one word each, for programs; the sentence beside it is for people.</summary>
public static class RunReasons
{
    /// <summary>The run was accepted.</summary>
    public const string Submitted = "Submitted";

    /// <summary>There are fewer free devices than the run's least.</summary>
    public const string WaitingForDevices = "WaitingForDevices";

    /// <summary>Devices were given and training began.</summary>
    public const string Started = "Started";

    /// <summary>The shards were reassigned because a trainer came or went.</summary>
    public const string Reassigned = "Reassigned";

    /// <summary>A trainer kept a step waiting, so its shards are computed by others too.</summary>
    public const string BackedUp = "BackedUp";

    /// <summary>A standby follows the parameter server.</summary>
    public const string StandbyFollows = "StandbyFollows";

    /// <summary>No standby follows the parameter server, though the spec asks for one.</summary>
    public const string StandbyMissing = "StandbyMissing";

    /// <summary>The parameter server was lost; steps are computed again, to the same bits.</summary>
    public const string Replaying = "Replaying";

    /// <summary>A checkpoint does not match its hashes; the one before it is used.</summary>
    public const string CheckpointDamaged = "CheckpointDamaged";

    /// <summary>A checkpoint could not be written; training goes on, and a loss would cost more steps.</summary>
    public const string CheckpointFailed = "CheckpointFailed";

    /// <summary>Checkpoints can be written again.</summary>
    public const string CheckpointRecovered = "CheckpointRecovered";

    /// <summary>The KL has gone to zero: the posterior carries almost no information about its example.</summary>
    public const string PosteriorCollapsed = "PosteriorCollapsed";

    /// <summary>The KL is back above the threshold.</summary>
    public const string PosteriorRecovered = "PosteriorRecovered";

    /// <summary>Every step was applied; the model is being evaluated and written.</summary>
    public const string Finishing = "Finishing";

    /// <summary>The run succeeded; every result is written.</summary>
    public const string Completed = "Completed";

    /// <summary>A user cancelled the run.</summary>
    public const string CancelRequested = "CancelRequested";

    /// <summary>A user paused the run.</summary>
    public const string Paused = "Paused";

    /// <summary>A user resumed the run.</summary>
    public const string Resumed = "Resumed";

    /// <summary>A user retried the run.</summary>
    public const string Retried = "Retried";

    /// <summary>The data cannot be read, or are not those that the run was submitted with.</summary>
    public const string DataUnavailable = "DataUnavailable";

    /// <summary>A loss or a gradient was not finite.</summary>
    public const string NonFinite = "NonFinite";

    /// <summary>A trainer failed with an error that a retry would not remove.</summary>
    public const string TrainerFailed = "TrainerFailed";

    /// <summary>The ledger has lost a step. The run goes on; its audit cannot succeed.</summary>
    public const string LedgerIncomplete = "LedgerIncomplete";

    /// <summary>The ledger on disk contradicts what the run computes, or is not one that can be continued.</summary>
    public const string LedgerContradicted = "LedgerContradicted";

    /// <summary>The data directory is not writable at present; the run keeps what it has to write, and retries.</summary>
    public const string StorageUnavailable = "StorageUnavailable";

    /// <summary>The spec sets determinism: relaxed, so the bits of the weights may differ between tries.</summary>
    public const string Relaxed = "Relaxed";

    /// <summary>The results could not be written.</summary>
    public const string StorageFailed = "StorageFailed";
}
