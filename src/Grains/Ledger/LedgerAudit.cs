using System.Collections.Immutable;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Ledger;

/// <summary>What an audit is about: a run as its own record describes it, and its files.</summary>
public sealed record LedgerSubject
{
    /// <summary>The run's id, spec and data.</summary>
    public required RunPlan Plan { get; init; }

    /// <summary>Where the run is in its life. Ask for it before the files are read: they may be ahead of it, and not behind.</summary>
    public required RunPhase Phase { get; init; }

    /// <summary>Steps that it says were applied.</summary>
    public required long AppliedSteps { get; init; }

    /// <summary>What it ended with; null before that.</summary>
    public RunResults? Results { get; init; }

    /// <summary>Its <c>ledger.jsonl</c>.</summary>
    public required string LedgerPath { get; init; }

    /// <summary>The folder of its checkpoints.</summary>
    public required string CheckpointsPath { get; init; }

    /// <summary>Its final weights.</summary>
    public required string ModelPath { get; init; }
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Line">The line of the ledger, counted from 1; 0 when it is not about a line.</param>
/// <param name="Step">The step, counted from 1; 0 when it is not about a step.</param>
/// <param name="What">What it is about.</param>
/// <param name="Found">What was found.</param>
/// <param name="Expected">What the spec, the data or the files say it must be.</param>
public sealed record LedgerFinding(long Line, long Step, string What, string Found, string Expected)
{
    /// <inheritdoc/>
    public override string ToString() => FindingText.Of(Line, Step, What, Found, Expected);
}

/// <summary>What an audit came to.</summary>
public sealed record LedgerAudit
{
    /// <summary>Steps that the ledger holds.</summary>
    public required long Steps { get; init; }

    /// <summary>Steps that the run takes.</summary>
    public required long StepCount { get; init; }

    /// <summary>Epochs that used each example exactly once.</summary>
    public required int EpochsProven { get; init; }

    /// <summary>Epochs that the run takes.</summary>
    public required int EpochCount { get; init; }

    /// <summary>Examples in an epoch.</summary>
    public required int Examples { get; init; }

    /// <summary>Steps whose weights' hash the ledger holds.</summary>
    public required long HashedSteps { get; init; }

    /// <summary>How many gradients of shards each device computed, by its name.</summary>
    public required ImmutableSortedDictionary<string, long> ShardsByDevice { get; init; }

    /// <summary>What is wrong, in the order of the ledger; at most the first hundred.</summary>
    public required ImmutableArray<LedgerFinding> Findings { get; init; }

    /// <summary>Findings beyond those.</summary>
    public required long FindingsLeftOut { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsValid => Findings.IsEmpty;
}
