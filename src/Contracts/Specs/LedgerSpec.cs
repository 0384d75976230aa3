namespace VaeCluster.Contracts.Specs;

/// <summary>What <c>ledger.jsonl</c> holds, from which an audit proves what was computed.</summary>
public sealed class LedgerSpec
{
    /// <summary>At which steps it holds the hash of the weights.</summary>
    /// <value>Default <see cref="LedgerHashKind.Checkpoints"/>.</value>
    public LedgerHashKind Hash { get; set; } = LedgerHashKind.Checkpoints;
}

/// <summary>The steps whose weights are hashed for the ledger.</summary>
public enum LedgerHashKind
{
    /// <summary>Those whose weights are written: of which a checkpoint is due, and the last one.</summary>
    Checkpoints,

    /// <summary>All of them.</summary>
    Steps,
}
