using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Tests.Evaluations;

/// <summary>Evaluations on the devices of a silo: of a run that has ended, and while it trains.</summary>
public sealed class EvaluationGrainTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private readonly RunCalls _runs = new(silo.Grains);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_OfAnEndedRun_EvaluatesIt_WritesTheReport_AndGivesTheDevicesBack()
    {
        var run = await _runs.SucceedAsync(await SubmitAsync());
        var task = TaskOf(run, samples: 10);

        await Grain(run.RunId).StartAsync(task);
        var done = await UntilAsync(run.RunId, EvaluationPhase.Done);

        Assert.Equal((4, 4, ""), (done.ShardsDone, done.ShardCount, done.Message));
        Assert.Equal((run.RunId, run.Progress.StepCount, 50, 10), (done.Report!.RunId, done.Report.Step, done.Report.Examples, done.Report.Samples));
        Assert.Equal((run.Results!.TestElbo, run.Results.TestKl), (done.Report.Elbo, done.Report.Kl));
        Assert.InRange(done.Report.NegativeLogLikelihood!.Value, 0, -run.Results.TestElbo);
        Assert.Equal(done.Report.ToJson(), await File.ReadAllTextAsync(Path.Combine(Folder(run.RunId), $"{run.Progress.StepCount}-k10.json"), Token));
        await UntilFreeAsync();
    }

    [Fact]
    public async Task Start_WithOneDeviceOrTwo_ComesToTheSameReport()
    {
        var run = await _runs.SucceedAsync(await SubmitAsync());
        await Grain(run.RunId).StartAsync(TaskOf(run, samples: 5));
        var two = await UntilAsync(run.RunId, EvaluationPhase.Done);
        await UntilFreeAsync();
        var other = await SubmitAsync("training.epochs=100000", "resources.trainers.max=1");
        await _runs.UntilAsync(other, snapshot => snapshot.Phase == RunPhase.Running, "does not run");

        await Grain(run.RunId).StartAsync(TaskOf(run, samples: 5));
        var one = await UntilAsync(run.RunId, EvaluationPhase.Done);
        await _runs.Grain(other).CancelAsync("a test");

        Assert.Equal(two.Report!.ToJson(), one.Report!.ToJson());
    }

    [Fact]
    public async Task Start_WhenDevicesAreTaken_SaysWhatItWaitsFor_AndEvaluatesThen()
    {
        var run = await _runs.SucceedAsync(await SubmitAsync());
        var other = await SubmitAsync("training.epochs=100000", "resources.trainers.min=2");
        await _runs.UntilAsync(other, snapshot => snapshot.Phase == RunPhase.Running, "does not run");

        await Grain(run.RunId).StartAsync(TaskOf(run, samples: 0));
        var waiting = await UntilAsync(run.RunId, EvaluationPhase.Waiting, status => status.Message.StartsWith("The evaluation needs", StringComparison.Ordinal));
        await _runs.Grain(other).CancelAsync("a test");
        var done = await UntilAsync(run.RunId, EvaluationPhase.Done);

        Assert.Equal("The evaluation needs 1 device; the cluster has 2, 0 of them free.", waiting.Message);
        Assert.Null(done.Report!.NegativeLogLikelihood);
    }

    [Fact]
    public async Task Start_WhileAnotherIsGoingOn_IsRefused_AndCancelEndsIt()
    {
        var run = await _runs.SucceedAsync(await SubmitAsync());
        var other = await SubmitAsync("training.epochs=100000", "resources.trainers.min=2");
        await _runs.UntilAsync(other, snapshot => snapshot.Phase == RunPhase.Running, "does not run");
        var task = TaskOf(run, samples: 7);
        await Grain(run.RunId).StartAsync(task);

        var refused = await Grain(run.RunId).StartAsync(TaskOf(run, samples: 8));
        var joined = await Grain(run.RunId).StartAsync(task);
        await Grain(run.RunId).CancelAsync(task);
        var ended = await UntilAsync(run.RunId, EvaluationPhase.Failed);
        await _runs.Grain(other).CancelAsync("a test");

        Assert.Equal(EvaluationPhase.Failed, refused.Phase);
        Assert.Equal($"Run '{run.RunId}' is being evaluated at step {task.Step} with 7 samples. Wait until that evaluation ends.", refused.Message);
        Assert.Equal(task, joined.Task);
        Assert.Equal("The evaluation was cancelled.", ended.Message);
    }

    [Fact]
    public async Task Start_OfWeightsThatAreNotThere_FailsWithTheReason()
    {
        var run = await _runs.SucceedAsync(await SubmitAsync());

        await Grain(run.RunId).StartAsync(TaskOf(run, samples: 0) with { Step = 3, IsFinal = false });
        var failed = await UntilAsync(run.RunId, EvaluationPhase.Failed);

        Assert.Contains(Path.Combine("checkpoints", "3"), failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OfDamagedWeights_GivesUpAfterSomeTries_AndSaysWhatIsWrong()
    {
        var run = await _runs.SucceedAsync(await SubmitAsync());

        await Grain(run.RunId).StartAsync(TaskOf(run, samples: 0) with { WeightsSha256 = "ab" });
        var failed = await UntilAsync(run.RunId, EvaluationPhase.Failed);

        Assert.Contains("could not be evaluated in 5 attempts", failed.Message, StringComparison.Ordinal);
        Assert.EndsWith("the run wrote ab. The file was damaged after it was written.", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OfACheckpointThatIsRemovedMeanwhile_EvaluatesItAllTheSame_AndLeavesNothingBehind()
    {
        var run = await _runs.SucceedAsync(await SubmitAsync());
        var other = await SubmitAsync("training.epochs=100000", "resources.trainers.min=2");
        await _runs.UntilAsync(other, snapshot => snapshot.Phase == RunPhase.Running, "does not run");
        var runFolder = Path.Combine(silo.DataDir, "runs", run.RunId);
        await Grain(run.RunId).StartAsync(TaskOf(run, samples: 0) with { IsFinal = false });
        await UntilAsync(run.RunId, EvaluationPhase.Waiting, status => status.Message.StartsWith("The evaluation needs", StringComparison.Ordinal));

        Directory.Delete(Path.Combine(runFolder, "checkpoints"), recursive: true);
        await _runs.Grain(other).CancelAsync("a test");
        var done = await UntilAsync(run.RunId, EvaluationPhase.Done);
        await UntilFreeAsync();

        Assert.Equal(run.Results!.TestElbo, done.Report!.Elbo);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(runFolder, "evaluating")));
    }

    [Fact]
    public async Task Spec_ThatAsksForEvaluations_HasThemEveryFewSteps_AndAtTheEnd_TheSameForOneTrainerOrTwo()
    {
        var one = await _runs.SucceedAsync(await SubmitAsync("evaluation.every=8", "evaluation.samples=3", "resources.trainers.max=1"));
        var two = await _runs.SucceedAsync(await SubmitAsync("evaluation.every=8", "evaluation.samples=3", "resources.trainers.min=2"));
        var without = await _runs.SucceedAsync(await SubmitAsync());

        // 20 steps: after 8, after 16, and after the last.
        Assert.Equal(["16.json", "20.json", "8.json"], Directory.EnumerateFiles(Folder(one.RunId)).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var step in (int[])[8, 16, 20])
            Assert.Equal(Read(one, step) with { RunId = "" }, Read(two, step) with { RunId = "" }, (a, b) => a.ToJson() == b.ToJson());
        Assert.Equal((20L, 3, one.Results!.TestElbo), (Read(one, 20).Step, Read(one, 20).Samples, Read(one, 20).Elbo));
        Assert.True(Read(one, 20).Elbo > Read(one, 8).Elbo, "Training made the model worse.");
        // An evaluation trains nothing.
        Assert.Equal(without.Results!.WeightsSha256, one.Results.WeightsSha256);
        Assert.False(Directory.Exists(Folder(without.RunId)));
    }

    private EvaluationReport Read(RunSnapshot run, int step) => EvaluationReport.Parse(File.ReadAllText(Path.Combine(Folder(run.RunId), $"{step}.json")));

    private string Folder(string run) => Path.Combine(silo.DataDir, "runs", run, "artifacts", "evaluations");

    private IEvaluationGrain Grain(string run) => silo.Grains.GetGrain<IEvaluationGrain>(run);

    private static EvaluationTask TaskOf(RunSnapshot run, int samples) => new()
    {
        Plan = RunWeights.PlanOf(run),
        Step = run.Progress.StepCount,
        IsFinal = true,
        WeightsSha256 = run.Results!.WeightsSha256,
        Samples = samples,
    };

    private Task<string> SubmitAsync(params string[] overrides) => _runs.SubmitAsync(["training.shards=4", .. overrides]);

    private async Task<EvaluationStatus> UntilAsync(string run, EvaluationPhase phase, Func<EvaluationStatus, bool>? condition = null)
    {
        var deadline = DateTime.UtcNow + RunCalls.Limit;
        while (await Grain(run).GetStatusAsync() is var status)
        {
            if (status.Phase == phase && (condition?.Invoke(status) ?? true))
                return status;
            Assert.True(DateTime.UtcNow < deadline, $"The evaluation was not {phase} within {RunCalls.Limit}: {status}");
            Assert.False(status.Phase is EvaluationPhase.Failed, status.Message);
            await Task.Delay(20, Token);
        }
        throw new InvalidOperationException("A status is never null.");
    }

    private async Task UntilFreeAsync()
    {
        var deadline = DateTime.UtcNow + RunCalls.Limit;
        while ((await silo.Grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey).ListDevicesAsync()).Any(device => device.RunId.Length > 0))
        {
            Assert.True(DateTime.UtcNow < deadline, "The devices are still lent.");
            await Task.Delay(20, Token);
        }
    }
}
