using System.Security.Cryptography;
using System.Text;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.Ledger;

/// <summary>The first line of <c>ledger.jsonl</c>: which run it is about. Everything in it follows from the run's spec and data.</summary>
public sealed record LedgerHeader
{
    /// <summary>The version that this program writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the format.</summary>
    public required int Version { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>SHA-256 of the complete spec as JSON.</summary>
    public required string SpecSha256 { get; init; }

    /// <summary>What the data are, with the hash of their pixels.</summary>
    public required DataDescription Data { get; init; }

    /// <summary>Data shards.</summary>
    public required int Shards { get; init; }

    /// <summary>Examples in a global batch.</summary>
    public required int Batch { get; init; }

    /// <summary>The most batches that a step takes; null where it is one.</summary>
    public int? LocalSteps { get; init; }

    /// <summary>Steps of the whole run.</summary>
    public required long Steps { get; init; }

    /// <summary>The run whose checkpoint the run goes on from; null when it begins at step 0.</summary>
    public string? OriginRun { get; init; }

    /// <summary>The step of that checkpoint: the ledger begins with the next.</summary>
    public long? OriginStep { get; init; }

    /// <summary>SHA-256 of the weights before the first step of the ledger.</summary>
    public required string InitialWeightsSha256 { get; init; }

    /// <summary>The header that the ledger of a run must have. Draws the initial weights, so it may take a moment.</summary>
    public static LedgerHeader Of(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var spec = RunSpecReader.ReadCanonical(plan.SpecJson);
        return new()
        {
            Version = CurrentVersion,
            RunId = plan.RunId,
            SpecSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plan.SpecJson))),
            Data = plan.Data,
            Shards = spec.Training.Shards,
            Batch = spec.Training.Batch,
            LocalSteps = spec.Training.LocalSteps > 1 ? spec.Training.LocalSteps : null,
            Steps = new TrainingSchedule(spec, plan.Data).StepCount,
            OriginRun = plan.Origin?.RunId,
            OriginStep = plan.Origin?.Step,
            InitialWeightsSha256 = plan.Origin?.WeightsSha256 ?? WeightInitializer.Sha256(ModelLayout.Of(spec, plan.Data), spec.Seed),
        };
    }
}
