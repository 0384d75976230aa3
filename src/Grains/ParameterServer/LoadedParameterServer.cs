using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Parameters.Store;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>A parameter server's memory, and how it began.</summary>
/// <param name="Store">Weights and optimizer state.</param>
/// <param name="Checkpoints">Writes its checkpoints.</param>
/// <param name="Damaged">A sentence for each checkpoint that was found damaged.</param>
/// <param name="IsFromStandby">Whether a standby's state was used.</param>
internal sealed record LoadedParameterServer(ParameterStore Store, CheckpointWriter Checkpoints, ImmutableArray<string> Damaged, bool IsFromStandby)
{
    /// <summary>A step of this age in seconds is late: the status says what it waits for.</summary>
    private const double LateAfter = 0.5;

    /// <summary>Records in one answer: about 1 MiB. Whoever is further behind asks again.</summary>
    private const int RecordsMax = 4096;

    /// <summary>The step that it began at.</summary>
    private long ResumedStep { get; } = Store.Step;

    /// <summary>How far it is.</summary>
    /// <param name="afterStep">The step after which records are asked for.</param>
    /// <param name="error">Why no further step can be applied; empty while all is well.</param>
    /// <param name="standbySilo">The silo of the standby that follows; empty when none does.</param>
    public ParameterServerStatus Report(long afterStep, string error, string standbySilo)
    {
        // The step is that of the records: whoever sees the last one has seen what was measured of it.
        var (step, records) = Store.History.After(afterStep, RecordsMax);
        var age = Store.History.Age;
        return new()
        {
            Started = true,
            Step = step,
            StepCount = Store.StepCount,
            ParameterCount = Store.Layout.ParameterLength,
            Records = records,
            Error = error,
            ResumedStep = ResumedStep,
            DamagedCheckpoints = Damaged,
            CheckpointStep = Checkpoints.LatestStep,
            CheckpointError = Checkpoints.Error,
            StandbySilo = standbySilo,
            ResumedFromStandby = IsFromStandby,
            StepAge = age,
            UsualStepSeconds = Store.History.UsualSeconds,
            // Nobody asks while steps come; it takes a look at every part.
            MissingShards = age > LateAfter ? Store.MissingShards() : [],
        };
    }
}
