using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Tests.Trainers;

/// <summary>A trainer whose run ends without a word to it, as when the run's silo is lost at that moment.</summary>
public sealed class TrainerGrainTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private readonly RunCalls _runs = new(silo.Grains);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Assign_ToARunThatHasEnded_IsLetGo_AndTheDeviceWorksForOthers()
    {
        var run = await _runs.SubmitAsync("training.epochs=100000");
        await _runs.Grain(run).CancelAsync("a test");
        var ended = await _runs.EndAsync(run);

        await Trainer.AssignAsync(new TrainerAssignment { Plan = RunWeights.PlanOf(ended), Shards = [0], Version = 99, Server = $"{silo.SiloName}/{run}" });
        Assert.Equal(run, (await Trainer.GetStatusAsync()).RunId);
        await UntilIdleAsync();

        Assert.Equal(RunPhase.Succeeded, (await _runs.EndAsync(await _runs.SubmitAsync("resources.trainers.min=2"))).Phase);
    }

    [Fact]
    public async Task Assign_OfATrainerThatTheRunDoesNotKnow_HelpsAndIsLetGoAtTheEnd()
    {
        var run = await _runs.SubmitAsync("training.epochs=100", "resources.trainers.max=1");

        await Trainer.AssignAsync(new TrainerAssignment { Plan = RunWeights.PlanOf((await _runs.Grain(run).GetAsync())!), Shards = [0], Version = 0, Server = $"{silo.SiloName}/{run}" });
        var ended = await _runs.EndAsync(run);
        await UntilIdleAsync();

        Assert.Equal(RunPhase.Succeeded, ended.Phase);
        Assert.Equal("", (await Trainer.GetStatusAsync()).RunId);
    }

    private ITrainerGrain Trainer => silo.Grains.GetGrain<ITrainerGrain>($"{silo.SiloName}/cpu:1");

    private async Task UntilIdleAsync()
    {
        var deadline = DateTime.UtcNow + RunCalls.Limit;
        while (await Trainer.GetStatusAsync() is { Activity: not TrainerActivity.Idle } status)
        {
            Assert.True(DateTime.UtcNow < deadline, $"The trainer still works for its run after {RunCalls.Limit}: {status}");
            await Task.Delay(50, Token);
        }
    }
}
