using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Grains.Runs;

namespace VaeCluster.Grains.Tests.Trainers;

/// <summary>A trainer whose run ends without a word to it, as when the run's silo is lost at that moment.</summary>
public sealed class TrainerGrainTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Assign_ToARunThatHasEnded_IsLetGo_AndTheDeviceWorksForOthers()
    {
        var run = await SubmitAsync("training.epochs=100000");
        await Run(run).CancelAsync("a test");
        var ended = await EndAsync(run);

        await Trainer.AssignAsync(new TrainerAssignment { Plan = RunWeights.PlanOf(ended), Shards = [0], Dealing = 99, Server = $"{silo.SiloName}/{run}" });
        Assert.Equal(run, (await Trainer.GetStatusAsync()).RunId);
        await UntilIdleAsync();

        Assert.Equal(RunPhase.Succeeded, (await EndAsync(await SubmitAsync("resources.trainers.min=2"))).Phase);
    }

    [Fact]
    public async Task Assign_OfATrainerThatTheRunDoesNotKnow_HelpsAndIsLetGoAtTheEnd()
    {
        var run = await SubmitAsync("training.epochs=100", "resources.trainers.max=1");

        await Trainer.AssignAsync(new TrainerAssignment { Plan = RunWeights.PlanOf((await Run(run).GetAsync())!), Shards = [0], Dealing = 0, Server = $"{silo.SiloName}/{run}" });
        var ended = await EndAsync(run);
        await UntilIdleAsync();

        Assert.Equal(RunPhase.Succeeded, ended.Phase);
        Assert.Equal("", (await Trainer.GetStatusAsync()).RunId);
    }

    private ITrainerGrain Trainer => silo.Grains.GetGrain<ITrainerGrain>($"{silo.SiloName}/cpu:1");

    private async Task<string> SubmitAsync(params string[] overrides)
    {
        string[] small = ["data.count=100", "data.test=20", "data.imageSize=8", "model.hidden=[8]", "model.latent=2", "training.epochs=2", "training.batch=20", "training.shards=2", "resources.trainers.max=2", .. overrides];
        var spec = RunSpecReader.Read("name: trained", small).Spec!;
        var runId = await silo.Grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey).RegisterRunAsync(spec.Name);
        await Run(runId).SubmitAsync(new RunPlan { RunId = runId, SpecJson = RunSpecReader.Write(spec), Data = DataSources.Open(spec.Data).Describe(spec.Data) });
        return runId;
    }

    private IRunGrain Run(string run) => silo.Grains.GetGrain<IRunGrain>(run);

    private async Task<RunSnapshot> EndAsync(string run)
    {
        var deadline = DateTime.UtcNow + Patience;
        var snapshot = (await Run(run).GetAsync())!;
        while (!snapshot.Phase.IsFinal())
        {
            Assert.True(DateTime.UtcNow < deadline, $"Run {run} did not end within {Patience}: {snapshot.Phase}, {snapshot.Conditions[^1]}");
            snapshot = (await Run(run).WaitAsync(snapshot.Version, TimeSpan.FromSeconds(1)))!;
        }
        return snapshot;
    }

    private async Task UntilIdleAsync()
    {
        var deadline = DateTime.UtcNow + Patience;
        while (await Trainer.GetStatusAsync() is { Activity: not TrainerActivity.Idle } status)
        {
            Assert.True(DateTime.UtcNow < deadline, $"The trainer still works for its run after {Patience}: {status}");
            await Task.Delay(50, Token);
        }
    }
}
