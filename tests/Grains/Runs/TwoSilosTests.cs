using System.Globalization;
using System.Text.RegularExpressions;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Tests.Runs;

/// <summary>Runs over two silos, one of which may be killed. Every test has a cluster of its own.</summary>
public sealed class TwoSilosTests : IAsyncLifetime
{
    private static readonly string[] FourTrainers = ["training.shards=4", "resources.trainers.min=1", "resources.trainers.max=4"];

    private TestedCluster? _cluster;

    private TestedCluster Cluster => _cluster!;

    private RunCalls Runs => new(Cluster.Grains);

    public async ValueTask InitializeAsync() => _cluster = await TestedCluster.StartAsync(siloCount: 2);

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Assign_ToADevice_ActivatesItsTrainerOnTheSiloThatTheKeyNames()
    {
        foreach (var silo in Cluster.Silos)
        {
            var trainer = Cluster.Grains.GetGrain<ITrainerGrain>($"{silo}/cpu:0");
            await trainer.GetStatusAsync();
            Assert.Equal(silo, Cluster.SiloOf(trainer));
        }
    }

    [Fact]
    public async Task Assign_ToADeviceOfASiloThatIsNotThere_SaysSo()
    {
        var trainer = Cluster.Grains.GetGrain<ITrainerGrain>("gone/cpu:0");

        var e = await Assert.ThrowsAsync<SiloUnavailableException>(trainer.GetStatusAsync);

        Assert.Equal("The grain gone/cpu:0 belongs on silo gone, which is not in the cluster.", e.Message);
    }

    [Fact]
    public async Task Train_OnDevicesOfBothSilos_EndsWithTheBitsOfOneDevice()
    {
        var one = await Runs.SucceedAsync(await Runs.SubmitAsync("training.shards=4", "resources.trainers.max=1"));
        var four = await Runs.SucceedAsync(await Runs.SubmitAsync([.. FourTrainers, "resources.trainers.min=4"]));

        var started = four.Conditions.First(condition => condition.Reason == RunReasons.Started).Message;
        Assert.All(Cluster.Silos, silo => Assert.Contains($"{silo}/cpu:1", started, StringComparison.Ordinal));
        Assert.Equal(one.Results!.WeightsSha256, four.Results!.WeightsSha256);
        Assert.Equal(one.Results.TestElbo, four.Results.TestElbo);
    }

    [Fact]
    public async Task Kill_OfASiloWithTrainers_LeavesTheRestToTheOthers_ToTheSameBits()
    {
        string[] settings = [.. FourTrainers, "training.epochs=60"];
        var undisturbed = await Runs.SucceedAsync(await Runs.SubmitAsync(settings));
        var run = await Runs.SubmitAsync(settings);
        await Runs.UntilStepAsync(run, 50);
        var other = Cluster.Silos.Single(silo => silo != Cluster.SiloOf(Runs.Grain(run)));

        await Cluster.KillAsync(other);
        var ended = await Runs.SucceedAsync(run);

        Assert.Equal(undisturbed.Results!.WeightsSha256, ended.Results!.WeightsSha256);
        var reassigned = ended.Conditions.Last(condition => condition.Reason is RunReasons.Started or RunReasons.Reassigned);
        Assert.DoesNotContain(other, reassigned.Message, StringComparison.Ordinal);
    }

    /// <summary>A run that was on this silo before has left a server behind, as when Orleans deactivates a run whose directory entry was lost.</summary>
    [Fact]
    public async Task Kill_OfTheRunsSilo_DoesNotGoBackToAServerOfAnEarlierTime()
    {
        string[] settings = ["training.epochs=60", "resources.trainers.max=2", "checkpoint.every=10"];
        var undisturbed = await Runs.SucceedAsync(await Runs.SubmitAsync(settings));
        var run = await Runs.SubmitAsync(settings);
        var begun = await Runs.UntilStepAsync(run, 1);
        var lost = Cluster.SiloOf(Runs.Grain(run));
        var other = Cluster.Silos.Single(silo => silo != lost);
        var left = await Cluster.Grains.GetGrain<IParameterServerGrain>($"{other}/{run}").StartAsync(RunWeights.PlanOf(begun), "", []);
        await Runs.UntilStepAsync(run, left.Step + 40);

        await Cluster.KillAsync(lost);
        var ended = await Runs.SucceedAsync(run);

        var replaying = Assert.Single(ended.Conditions, condition => condition.Reason == RunReasons.Replaying).Message;
        var resumed = long.Parse(Regex.Match(replaying, "it continues from .*?([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(resumed > left.Step, $"The server that was left behind was at step {left.Step}. {replaying}");
        Assert.Equal(undisturbed.Results!.WeightsSha256, ended.Results!.WeightsSha256);
    }

    [Fact]
    public async Task Kill_OfTheRunsSilo_GoesOnFromTheStandbyOnTheOther_ToTheSameBits()
    {
        string[] settings = ["resources.trainers.max=1", "training.epochs=60", "resources.standby=hot", "checkpoint.every=100000"];
        var undisturbed = await Runs.SucceedAsync(await Runs.SubmitAsync(settings));
        var run = await Runs.SubmitAsync(settings);
        await Runs.UntilAsync(run, snapshot => snapshot.Conditions.Any(IsFollowed), "has no standby");
        var following = await Runs.UntilStepAsync(run, 50);
        var lost = Cluster.SiloOf(Runs.Grain(run));
        var other = Cluster.Silos.Single(silo => silo != lost);
        Assert.Equal(lost, Cluster.SiloOf(Cluster.Grains.GetGrain<IParameterServerGrain>($"{lost}/{run}")));
        Assert.Equal(other, Cluster.SiloOf(Cluster.Grains.GetGrain<IStandbyGrain>($"{other}/{run}")));

        await Cluster.KillAsync(lost);
        var ended = await Runs.SucceedAsync(run);

        var replaying = Assert.Single(ended.Conditions, condition => condition.Reason == RunReasons.Replaying);
        Assert.Contains($"which the standby on {other} had followed, to the same bits.", replaying.Message, StringComparison.Ordinal);
        Assert.True(following.Progress.Step >= 50);
        // The standby has the records of its steps too, so no step is missing from the ledger.
        Assert.DoesNotContain(ended.Conditions, condition => condition.Reason == RunReasons.LedgerIncomplete);
        Assert.Equal(undisturbed.Results!.WeightsSha256, ended.Results!.WeightsSha256);
    }

    private static bool IsFollowed(RunCondition condition) => condition.Reason == RunReasons.StandbyFollows;

    [Fact]
    public async Task Kill_OfTheSiloThatHasTheRegistry_LosesNoRun()
    {
        var first = await Runs.SubmitAsync();
        await Runs.SucceedAsync(first);
        var cluster = Cluster.Grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey);

        await Cluster.KillAsync(Cluster.SiloOf(cluster));
        var second = await Runs.SubmitAsync();
        await Runs.SucceedAsync(second);

        Assert.Equal([first, second], (await cluster.ListRunsAsync(0, 10)).Select(run => run.RunId));
    }
}
