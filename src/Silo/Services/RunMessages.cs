using Google.Protobuf.WellKnownTypes;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.V1;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Silo.Services;

/// <summary>Runs as messages of the API.</summary>
internal static class RunMessages
{
    public static Run ToMessage(this RunSnapshot snapshot, RunFiles files, bool withSpec)
    {
        var run = new Run
        {
            RunId = snapshot.RunId,
            Phase = snapshot.Phase.ToMessage(),
            Progress = snapshot.Progress.ToMessage(),
            SubmittedAt = snapshot.SubmittedAt.ToTimestamp(),
            StartedAt = snapshot.StartedAt?.ToTimestamp(),
            EndedAt = snapshot.EndedAt?.ToTimestamp(),
            ParameterCount = snapshot.ParameterCount,
            Spec = withSpec ? snapshot.SpecJson : "",
            ArtifactsPath = files.Artifacts(snapshot.RunId),
            Results = snapshot.Results?.ToMessage(),
            ExampleValues = snapshot.Data?.Dimensions ?? 0,
        };
        run.Devices.AddRange(snapshot.Devices);
        run.Conditions.AddRange(snapshot.Conditions.Select(condition => new Condition
        {
            Reason = condition.Reason,
            Message = condition.Message,
            At = condition.At.ToTimestamp(),
        }));
        return run;
    }

    public static Phase ToMessage(this RunPhase phase) => phase switch
    {
        RunPhase.Pending => Phase.Pending,
        RunPhase.Running => Phase.Running,
        RunPhase.Succeeded => Phase.Succeeded,
        RunPhase.Failed => Phase.Failed,
        RunPhase.Cancelled => Phase.Cancelled,
        RunPhase.Paused => Phase.Paused,
        _ => Phase.Unspecified,
    };

    private static Progress ToMessage(this RunProgress progress) => new()
    {
        Step = progress.Step,
        StepCount = progress.StepCount,
        Epoch = progress.Epoch,
        EpochCount = progress.EpochCount,
        ElboNats = progress.Elbo,
        ReconstructionNats = progress.Reconstruction,
        KlNats = progress.Kl,
        Beta = progress.Beta,
        LearningRate = progress.LearningRate,
        StepsPerSecond = progress.StepsPerSecond,
        SamplesPerSecond = progress.SamplesPerSecond,
        Samples = progress.Samples,
        SkippedSteps = progress.SkippedSteps,
    };

    private static Contracts.V1.Results ToMessage(this RunResults results) => new()
    {
        TestElboNats = results.TestElbo,
        TestReconstructionNats = results.TestReconstruction,
        TestKlNats = results.TestKl,
        TestExamples = results.TestExamples,
        WeightsSha256 = results.WeightsSha256,
        LedgerChain = results.LedgerChain,
    };
}
