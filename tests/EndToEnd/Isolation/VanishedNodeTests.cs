using System.Globalization;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.V1;
using VaeCluster.EndToEnd.Chaos;

namespace VaeCluster.EndToEnd.Isolation;

/// <summary>A node vanishes: nothing that is sent to it is answered, and no connection to it is refused.</summary>
public sealed class VanishedNodeTests
{
    private const int Nodes = 3;

    /// <summary>What a loss may cost after the node is declared dead, on a machine that does nothing else.</summary>
    private static readonly TimeSpan Aim = TimeSpan.FromSeconds(3);

    /// <summary>On a machine that builds and tests meanwhile.</summary>
    private static readonly TimeSpan Limit = Aim * 3;

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RunTimeout = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Loss_OfATrainersNode_KeepsTheWeights_AndTheNodeComputesAgainWhenItIsBack()
    {
        await using var cluster = await IsolatedCluster.StartAsync(Nodes);
        var undisturbed = await EndAsync(cluster, (await cluster.SubmitAsync(Spec())).RunId);
        await using var watcher = await TrainAsync(cluster, Spec());
        var victim = (await cluster.HostOfAsync(watcher.RunId) + 1) % Nodes;

        await VanishAsync(cluster, watcher, victim, "a trainer's node");

        await AssertSameAsync(cluster, undisturbed, await EndedAsync(watcher));
        await cluster.ReturnAsync(victim);
        var again = await EndAsync(cluster, (await cluster.SubmitAsync(Spec($"resources.trainers.min={Nodes}"))).RunId);
        await AssertSameAsync(cluster, undisturbed, again);
        Assert.Contains((await cluster.AuditAsync(again.RunId)).Devices, device => device.Device == $"{IsolatedSilo.NameOf(victim)}/cpu:0" && device.Shards > 0);
    }

    [Fact]
    public async Task Loss_OfTheParameterServersNode_ContinuesFromTheStandby_ToTheSameWeights()
    {
        await using var cluster = await IsolatedCluster.StartAsync(Nodes);
        var undisturbed = await EndAsync(cluster, (await cluster.SubmitAsync(Spec())).RunId);
        await using var watcher = await TrainAsync(cluster, Spec("resources.standby=hot", "checkpoint.every=0"));
        await SeesAsync(cluster, watcher.RunId, RunReasons.StandbyFollows);

        await VanishAsync(cluster, watcher, await cluster.HostOfAsync(watcher.RunId), "the parameter server's node");

        var ended = await EndedAsync(watcher);
        await AssertSameAsync(cluster, undisturbed, ended);
        var message = Assert.Single(ended.Conditions, condition => condition.Reason == RunReasons.Replaying).Message;
        var isFromStandby = message.Contains("which the standby on node-", StringComparison.Ordinal);
        Assert.True(isFromStandby, $"The run did not continue from its standby. {message}\n{cluster.Describe()}");
    }

    /// <summary>Cuts a node off while a run trains, and prints how long the run took to go on, and from when its loss was known.</summary>
    private static async Task VanishAsync(IsolatedCluster cluster, RunWatcher watcher, int victim, string what)
    {
        var vanishedAt = watcher.Now;
        await cluster.VanishAsync(victim);
        try
        {
            var survivor = cluster[(victim + 1) % Nodes];
            var declared = $"Silo {IsolatedSilo.NameOf(victim)} at {NetworkNamespaces.AddressOf(victim)}:11111 is declared dead.";
            await Eventually.GetAsync(declared, () => Task.FromResult(survivor.Output.Contains(declared, StringComparison.Ordinal) ? "" : null), WaitTimeout);
            var declaredAfter = watcher.Now - vanishedAt;
            // The shards of a trainer are computed by the others before it is declared dead; training must go on afterwards too.
            var recovery = await Eventually.GetAsync("The next step", () => Task.FromResult(watcher.RecoveryFrom(vanishedAt)), WaitTimeout);
            var next = await Eventually.GetAsync(
                "A step after the declaration", () => Task.FromResult(watcher.RecoveryFrom(vanishedAt + declaredAfter)), WaitTimeout);
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{what} vanished: declared dead after {declaredAfter.TotalSeconds:F1} s, next step after {recovery.Took.TotalSeconds:F1} s; "
                + $"aim: {Aim.TotalSeconds:F0} s after the declaration"));
            Assert.True(recovery.Took - declaredAfter < Limit, $"The next step came {recovery.Took - declaredAfter} after the declaration.");
            Assert.True(next.Took < Limit, $"After the declaration the next step came within {next.Took}.");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{cluster.Describe()}", e);
        }
    }

    /// <summary>Submits a run and returns when it has applied some steps.</summary>
    private static async Task<RunWatcher> TrainAsync(IsolatedCluster cluster, SubmitRequest spec)
    {
        var watcher = new RunWatcher(cluster.FindAsync, (await cluster.SubmitAsync(spec)).RunId);
        await Eventually.GetAsync("The first hundred steps", () => Task.FromResult(watcher.Step > 100 ? "" : null), WaitTimeout);
        Assert.Null(watcher.Ended);
        return watcher;
    }

    private static Task<Run> EndedAsync(RunWatcher watcher) => Eventually.GetAsync("The end of the run", () => Task.FromResult(watcher.Ended), RunTimeout);

    private static Task<Run> EndAsync(IsolatedCluster cluster, string runId) => Eventually.GetAsync(
        $"The end of {runId}",
        async () => await cluster.FindAsync(runId) is { EndedAt: not null } ended ? ended : null,
        RunTimeout);

    private static Task<Run> SeesAsync(IsolatedCluster cluster, string runId, string reason) => Eventually.GetAsync(
        $"The condition {reason} of {runId}",
        async () => await cluster.FindAsync(runId) is { } run && run.Conditions.Any(condition => condition.Reason == reason) ? run : null,
        WaitTimeout);

    private static async Task AssertSameAsync(IsolatedCluster cluster, Run undisturbed, Run run)
    {
        Assert.True(run.Phase == Phase.Succeeded, $"{run.RunId} ended as {run.Phase}: {run.Conditions[^1].Message}");
        Assert.Equal(undisturbed.Results.WeightsSha256, run.Results.WeightsSha256);
        var audit = await cluster.AuditAsync(run.RunId);
        Assert.True(audit.Valid, $"The ledger of {run.RunId}: {string.Join(' ', audit.Findings)}");
        Assert.Equal((run.Progress.StepCount, run.Progress.EpochCount), (audit.Steps, audit.EpochsProven));
    }

    /// <summary>Long enough that a node is lost, declared dead and missed while it trains.</summary>
    private static SubmitRequest Spec(params string[] settings) => new()
    {
        Spec = "name: vanished",
        Overrides =
        {
            "data.count=1230", "data.test=200", "data.imageSize=16", "model.hidden=[64]", "model.latent=4", "training.batch=50", "training.epochs=120",
            "checkpoint.every=50", "training.shards=4", "resources.trainers.min=1", $"resources.trainers.max={Nodes}", settings,
        },
    };
}
