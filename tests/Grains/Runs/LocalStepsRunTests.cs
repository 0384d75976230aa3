using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Ledger;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Tests.Runs;

/// <summary>
/// Runs with local steps over two silos. 200 examples in batches of 21 make ten batches an epoch, the last of eleven examples: two exchanges after four local
/// steps, and one after two.
/// </summary>
public sealed class LocalStepsRunTests : IAsyncLifetime
{
    private static readonly string[] LocalSteps =
    [
        "training.localSteps=4", "optimizer.outer.momentum=0.5", "training.shards=4", "training.batch=21", "resources.trainers.min=1", "resources.trainers.max=4",
    ];

    private TestedCluster? _cluster;

    private TestedCluster Cluster => _cluster!;

    private RunCalls Runs => new(Cluster.Grains);

    public async ValueTask InitializeAsync() => _cluster = await TestedCluster.StartAsync(siloCount: 2);

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Train_OnDevicesOfBothSilos_EndsWithTheBitsOfOneDevice_AndProvesIt()
    {
        var one = await Runs.SucceedAsync(await Runs.SubmitAsync([.. LocalSteps, "resources.trainers.max=1"]));
        var four = await Runs.SucceedAsync(await Runs.SubmitAsync([.. LocalSteps, "resources.trainers.min=4", "evaluation.every=2"]));
        var other = await Runs.SucceedAsync(await Runs.SubmitAsync([.. LocalSteps, "training.localSteps=5"]));

        Assert.Equal((6, 6), (four.Progress.Step, four.Progress.StepCount));
        Assert.Equal(400, four.Progress.Samples);
        Assert.Equal(one.Results!.WeightsSha256, four.Results!.WeightsSha256);
        Assert.NotEqual(one.Results.WeightsSha256, other.Results!.WeightsSha256);
        var audit = AuditOf(four);
        Assert.True(audit.IsValid, string.Join('\n', audit.Findings));
        Assert.Equal((6, 2, 200), (audit.Steps, audit.EpochsProven, audit.Examples));
        Assert.Equal(["2.json", "4.json", "6.json"], Directory.EnumerateFiles(Path.Combine(FileOf(four, "artifacts"), "evaluations"), "*.json").Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Kill_OfTheRunsSilo_GoesOnFromACheckpointInTheMiddleOfAnEpoch_ToTheSameBits()
    {
        string[] settings = [.. LocalSteps, "training.epochs=60", "resources.trainers.max=2", "checkpoint.every=4"];
        var undisturbed = await Runs.SucceedAsync(await Runs.SubmitAsync(settings));
        var run = await Runs.SubmitAsync(settings);
        await Runs.UntilStepAsync(run, 30);

        await Cluster.KillAsync(Cluster.SiloOf(Runs.Grain(run)));
        var ended = await Runs.SucceedAsync(run);

        Assert.Contains(ended.Conditions, condition => condition.Reason == RunReasons.Replaying);
        Assert.Equal(undisturbed.Results!.WeightsSha256, ended.Results!.WeightsSha256);
        var audit = AuditOf(ended);
        Assert.True(audit.IsValid, string.Join('\n', audit.Findings));
        Assert.Equal((180, 60), (audit.Steps, audit.EpochsProven));
    }

    [Fact]
    public async Task Kill_OfTheRunsSilo_GoesOnFromTheStandby_ToTheSameBits()
    {
        string[] settings = [.. LocalSteps, "resources.trainers.max=1", "training.epochs=60", "resources.standby=hot", "checkpoint.every=100000"];
        var undisturbed = await Runs.SucceedAsync(await Runs.SubmitAsync(settings));
        var run = await Runs.SubmitAsync(settings);
        await Runs.UntilAsync(run, snapshot => snapshot.Conditions.Any(condition => condition.Reason == RunReasons.StandbyFollows), "has no standby");
        await Runs.UntilStepAsync(run, 20);

        await Cluster.KillAsync(Cluster.SiloOf(Runs.Grain(run)));
        var ended = await Runs.SucceedAsync(run);

        var replaying = Assert.Single(ended.Conditions, condition => condition.Reason == RunReasons.Replaying);
        Assert.Contains("had followed, to the same bits.", replaying.Message, StringComparison.Ordinal);
        Assert.Equal(undisturbed.Results!.WeightsSha256, ended.Results!.WeightsSha256);
        Assert.True(AuditOf(ended).IsValid);
    }

    private LedgerAudit AuditOf(RunSnapshot run) => LedgerAuditor.Audit(new()
    {
        Plan = RunWeights.PlanOf(run),
        Phase = run.Phase,
        AppliedSteps = run.Progress.Step,
        Results = run.Results,
        LedgerPath = FileOf(run, "ledger.jsonl"),
        CheckpointsPath = FileOf(run, "checkpoints"),
        ModelPath = Path.Combine(FileOf(run, "artifacts"), "model.safetensors"),
    });

    private string FileOf(RunSnapshot run, string name) => Path.Combine(Cluster.DataDir, "runs", run.RunId, name);
}
