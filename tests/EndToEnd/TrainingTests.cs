using VaeCluster.Contracts.V1;
using static VaeCluster.EndToEnd.RunCalls;

namespace VaeCluster.EndToEnd;

/// <summary>Runs that real silo processes train together.</summary>
public sealed class TrainingTests
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Submit_ToTwoSilos_TrainsOnBoth_AndEndsWithTheWeightsOfOne()
    {
        await using var alone = await SiloProcess.StartAsync();
        await using var first = await SiloProcess.StartAsync("cpu:1", null, "--name", "first");
        await using var second = await JoinAsync(first, "second");

        var two = await RunAsync(first, Shapes("resources.trainers.min=2", "resources.trainers.max=2", "ledger.hash=steps"));
        var again = await RunAsync(second, Shapes("resources.trainers.min=2", "resources.trainers.max=2"));
        var one = await RunAsync(alone, Shapes("training.shards=2", "resources.trainers.max=1"));

        Assert.Contains(two.Conditions, condition => condition.Reason == "Started" && condition.Message is "Training on first/cpu:0, second/cpu:0." or "Training on second/cpu:0, first/cpu:0.");
        Assert.Equal(two.Results.WeightsSha256, again.Results.WeightsSha256);
        Assert.Equal(two.Results.WeightsSha256, one.Results.WeightsSha256);
        Assert.Equal(two.Results.TestElboNats, one.Results.TestElboNats);
        // Both silos computed a shard of each of 60 steps, and whichever is asked proves it from the same files.
        var audit = await AuditAsync(second, two.RunId);
        Assert.Equal((60, 60, 3, 1000), (audit.Steps, audit.HashedSteps, audit.EpochsProven, audit.Examples));
        Assert.Equal(["first/cpu:0 60", "second/cpu:0 60"], audit.Devices.Select(device => $"{device.Device} {device.Shards}"));
    }

    [Fact]
    public async Task Submit_OfRealDigits_LearnsThem()
    {
        var digits = BuiltRepository.Digits;
        await using var silo = await SiloProcess.StartAsync("cpu:2");

        // Two epochs on two thousand real digits; on shapes where the digits are not there.
        string[] overrides = digits is null
            ? ["data.count=2500", "data.test=500", "training.epochs=2"]
            : ["data.source=idx", $"data.path={digits}", "data.train=2000", "data.test=500", "training.epochs=2"];
        var run = await RunAsync(silo, new SubmitRequest { Spec = "name: digits", Overrides = { overrides.Append("training.batch=50") } });

        // Pixels that are all alike cost log 2 nats each, 543 in all; an untrained model is there, and a trained one far below.
        Assert.Equal(500, run.Results.TestExamples);
        Assert.InRange(-run.Results.TestElboNats, 20, 230);
    }

    [Fact]
    public async Task Submit_WhileATrainersSiloDies_GoesOnWithTheOther_ToTheSameWeights()
    {
        await using var undisturbed = await SiloProcess.StartAsync();
        var expected = await RunAsync(undisturbed, Shapes("training.shards=2", "resources.trainers.max=1", "training.epochs=90"));
        await using var first = await SiloProcess.StartAsync("cpu:1", null, "--name", "first");
        Run submitted;
        await using (var second = await JoinAsync(first, "second"))
        {
            submitted = await first.Cluster.Runs.SubmitAsync(Shapes("training.shards=2", "resources.trainers.min=1", "resources.trainers.max=2", "training.epochs=90"), cancellationToken: TestContext.Current.CancellationToken);
            await Eventually.GetAsync("The first hundred steps", async () => (await GetAsync(first, submitted.RunId)) is { Progress.Step: > 100 } run ? run : null, WaitTimeout);
        } // Disposing kills it.

        var ended = await EndAsync(first, submitted.RunId);

        Assert.Equal(Phase.Succeeded, ended.Phase);
        // Orleans deactivates grains whose directory entries were on the lost silo: a run among them is activated again and starts, in place of being reassigned.
        Assert.Contains(ended.Conditions, condition => condition.Reason is "Reassigned" or "Started" && condition.Message.EndsWith(" first/cpu:0.", StringComparison.Ordinal));
        Assert.Equal(expected.Results.WeightsSha256, ended.Results.WeightsSha256);
        var audit = await AuditAsync(first, submitted.RunId);
        Assert.Equal((1800, 90), (audit.Steps, audit.EpochsProven));
        Assert.Contains(audit.Devices, device => device.Device == "second/cpu:0" && device.Shards >= 50);
    }

    private static async Task<AuditReport> AuditAsync(SiloProcess silo, string runId)
    {
        var report = await silo.Cluster.Runs.AuditRunAsync(new GetRunRequest { RunId = runId }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(report.Valid, string.Join('\n', report.Findings));
        return report;
    }

    private static SubmitRequest Shapes(params string[] overrides) => new()
    {
        Spec = "name: shapes",
        Overrides = { "data.count=1200", "data.test=200", "data.imageSize=16", "model.hidden=[64]", "model.latent=4", "training.epochs=3", "training.batch=50", overrides },
    };

    private static Task<SiloProcess> JoinAsync(SiloProcess primary, string name) =>
        SiloProcess.JoinAsync(primary, "--name", name);
}
