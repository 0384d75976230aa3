using System.Globalization;
using System.Text.RegularExpressions;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Tests.ParameterServer;

/// <summary>Runs whose weights are divided among silos. Every test has a cluster of its own.</summary>
public sealed class PartitionTests : IAsyncDisposable
{
    /// <summary>The weights travel in four parts.</summary>
    private static readonly string[] Settings =
    [
        "data.imageSize=16", "model.hidden=[1600]", "training.shards=4", "training.epochs=3", "resources.trainers.min=1", "resources.trainers.max=4",
        "checkpoint.every=7", "ledger.hash=checkpoints",
    ];

    private TestedCluster? _cluster;

    private TestedCluster Cluster => _cluster!;

    private RunCalls Runs => new(Cluster.Grains);

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Train_WithPartitions_EndsWithTheBitsOfOneServer()
    {
        _cluster = await TestedCluster.StartAsync(siloCount: 2);
        var one = await TrainAsync("resources.parameterServers=1");

        foreach (var settings in (string[][])[["resources.parameterServers=2"], ["resources.parameterServers=4", "ledger.hash=steps"]])
        {
            var parted = await TrainAsync(settings);
            Assert.Equal(one.Results!.WeightsSha256, parted.Results!.WeightsSha256);
            Assert.Equal(one.Results.TestElbo, parted.Results.TestElbo);
            Assert.DoesNotContain(parted.Conditions, condition => condition.Reason is RunReasons.Replaying or RunReasons.CheckpointFailed);
        }
    }

    [Fact]
    public async Task Train_WithPartitions_HasThemOnTheSilosThatTheirKeysName()
    {
        _cluster = await TestedCluster.StartAsync(siloCount: 2);
        var run = await SubmitAsync("resources.parameterServers=2", "training.epochs=40");
        await Runs.UntilStepAsync(run, 5);
        var server = Cluster.SiloOf(Runs.Grain(run));
        var other = Cluster.Silos.Single(silo => silo != server);

        var partition = Cluster.Grains.GetGrain<IPartitionGrain>($"{other}/{run}~0");
        Assert.Equal(other, Cluster.SiloOf(partition));
        Assert.False(await partition.IsServingAsync("another session"));
        Assert.Equal(PullOutcome.Weights, (await partition.PullAsync(-1, 0, TimeSpan.Zero)).Outcome);
        // The last parts are the server's.
        Assert.Equal(PullOutcome.NotStarted, (await partition.PullAsync(-1, 3, TimeSpan.Zero)).Outcome);
        await Runs.Grain(run).CancelAsync("a test");
        await Cluster.HostedPartitionsOf(other).Emptied.WaitAsync(RunCalls.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(PullOutcome.NotStarted, (await partition.PullAsync(-1, 0, TimeSpan.Zero)).Outcome);
    }

    [Fact]
    public async Task Kill_OfAPartitionsSilo_GoesOnFromACheckpoint_ToTheSameBits()
    {
        _cluster = await TestedCluster.StartAsync(siloCount: 2);
        var undisturbed = await TrainAsync("training.epochs=12");
        var run = await SubmitAsync("resources.parameterServers=3", "training.epochs=12");
        await Runs.UntilStepAsync(run, 20);

        await Cluster.KillAsync(Cluster.Silos.Single(silo => silo != Cluster.SiloOf(Runs.Grain(run))));
        var ended = await Runs.SucceedAsync(run);

        Assert.Contains("continues from the checkpoint of step", Replaying(ended), StringComparison.Ordinal);
        Assert.Equal(undisturbed.Results!.WeightsSha256, ended.Results!.WeightsSha256);
    }

    [Fact]
    public async Task Withdraw_OfAPartitionsSilo_MovesTheRangeWithoutLosingAStep()
    {
        _cluster = await TestedCluster.StartAsync(siloCount: 2);
        string[] settings = ["training.epochs=12", "checkpoint.every=0"];
        var undisturbed = await TrainAsync(settings);
        var run = await SubmitAsync([.. settings, "resources.parameterServers=2"]);
        await Runs.UntilStepAsync(run, 20);
        var leaving = Cluster.Silos.Single(silo => silo != Cluster.SiloOf(Runs.Grain(run)));

        await Cluster.WithdrawAsync(leaving);
        var ended = await Runs.SucceedAsync(run);

        var resumed = Regex.Match(Replaying(ended), "The run was at step ([0-9]+)(?: or later)?; it continues from the checkpoint of step ([0-9]+)");
        Assert.True(resumed.Success, Replaying(ended));
        Assert.True(int.Parse(resumed.Groups[2].Value, CultureInfo.InvariantCulture) >= int.Parse(resumed.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.Equal(undisturbed.Results!.WeightsSha256, ended.Results!.WeightsSha256);
        await Cluster.HostedPartitionsOf(leaving).Emptied.WaitAsync(RunCalls.Limit, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill_WithAStandby_GoesOnFromIt_WhicheverRangeIsLost(bool isServer)
    {
        _cluster = await TestedCluster.StartAsync(siloCount: 3);
        string[] settings = ["training.epochs=16", "checkpoint.every=0"];
        var undisturbed = await TrainAsync(settings);
        var run = await SubmitAsync([.. settings, "resources.parameterServers=2", "resources.standby=hot"]);
        var followed = await Runs.UntilAsync(run, snapshot => snapshot.Conditions.Any(condition => condition.Reason == RunReasons.StandbyFollows), "has no standby");
        var server = Cluster.SiloOf(Runs.Grain(run));
        await Runs.UntilStepAsync(run, followed.Progress.Step + 20);
        var standby = Cluster.Silos.Single(silo => followed.Conditions[^1].Message.StartsWith($"A standby on {silo} ", StringComparison.Ordinal));
        var partition = Cluster.Silos.Single(silo => silo != server && silo != standby);

        await Cluster.KillAsync(isServer ? server : partition);
        var ended = await Runs.SucceedAsync(run);

        Assert.Contains($"which the standby on {standby} had followed", Replaying(ended), StringComparison.Ordinal);
        Assert.Equal(undisturbed.Results!.WeightsSha256, ended.Results!.WeightsSha256);
    }

    private static string Replaying(RunSnapshot run) => run.Conditions.First(condition => condition.Reason == RunReasons.Replaying).Message;

    private Task<string> SubmitAsync(params string[] settings) => Runs.SubmitAsync([.. Settings, .. settings]);

    private async Task<RunSnapshot> TrainAsync(params string[] settings) => await Runs.SucceedAsync(await SubmitAsync(settings));
}
