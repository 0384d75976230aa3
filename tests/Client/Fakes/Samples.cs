using Google.Protobuf.WellKnownTypes;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Tests.Fakes;

/// <summary>Runs in several states.</summary>
internal static class Samples
{
    public static Run Pending => new()
    {
        RunId = "mnist-1",
        Phase = Phase.Pending,
        Progress = new Progress(),
        SubmittedAt = At(0),
        ArtifactsPath = "/data/runs/mnist-1/artifacts",
        Conditions = { new Condition { Reason = "Submitted", Message = "The run was accepted.", At = At(0) } },
    };

    public static Run Running => new(Pending)
    {
        Phase = Phase.Running,
        StartedAt = At(1),
        ParameterCount = 820004,
        Progress = new Progress
        {
            Step = 50,
            StepCount = 200,
            Epoch = 1,
            EpochCount = 4,
            ElboNats = -120.126,
            ReconstructionNats = 110.1,
            KlNats = 10.026,
            Beta = 1,
            LearningRate = 0.001,
            StepsPerSecond = 2,
            SamplesPerSecond = 256.4,
            Samples = 6400,
        },
        Devices = { "silo-0/cpu:0", "silo-1/cpu:0" },
        Conditions = { new Condition { Reason = "Started", Message = "Training on silo-0/cpu:0 and silo-1/cpu:0.", At = At(1) } },
    };

    public static Run Succeeded => new(Running)
    {
        Phase = Phase.Succeeded,
        EndedAt = At(90),
        Progress = new Progress(Running.Progress) { Step = 200, Epoch = 4 },
        Results = new Results { TestElboNats = -100.5, TestReconstructionNats = 90.25, TestKlNats = 10.25, TestExamples = 1000, WeightsSha256 = "ab12" },
        Conditions = { new Condition { Reason = "Completed", Message = "Test ELBO -100.50 nats.", At = At(90) } },
        Spec = "{\n  \"name\": \"mnist\"\n}",
    };

    public static Run Failed => new(Running)
    {
        Phase = Phase.Failed,
        Conditions = { new Condition { Reason = "NonFinite", Message = "The loss of shard 1 was not finite at step 51.", At = At(3) } },
    };

    public static Timestamp At(int second) => new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc).AddSeconds(second).ToTimestamp();
}
