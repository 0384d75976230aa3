using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Runs;
using VaeCluster.Parameters.Checkpoints;

namespace VaeCluster.Grains.Tests.Runs;

public sealed class RunGrainTests : IClassFixture<SiloFixture>
{
    private readonly SiloFixture _silo;
    private readonly RunCalls _runs;

    public RunGrainTests(SiloFixture silo) => (_silo, _runs) = (silo, new(silo.Grains));

    [Fact]
    public async Task Submit_OfAValidPlan_SucceedsAndLeavesItsFiles()
    {
        var run = await _runs.SubmitAsync("data.test=50");

        var ended = await _runs.EndAsync(run);

        Assert.Equal(RunPhase.Succeeded, ended.Phase);
        Assert.Equal([RunReasons.Submitted, RunReasons.Started, RunReasons.Finishing, RunReasons.Completed], Reasons(ended).Remove(RunReasons.WaitingForDevices));
        Assert.Equal(ended.Progress.StepCount, ended.Progress.Step);
        Assert.Equal(50, ended.Results!.TestExamples);
        Assert.Equal(ended.Results.TestElbo, -(ended.Results.TestReconstruction + ended.Results.TestKl), 9);
        var artifacts = Path.Combine(_silo.DataDir, "runs", ended.RunId, "artifacts");
        Assert.Equal(
            ["loss.png", "model.safetensors", "reconstructions.png", "samples.png"],
            Directory.EnumerateFiles(artifacts).Select(Path.GetFileName).Order());
        Assert.Empty(ended.Devices);
    }

    [Fact]
    public async Task Submit_OneTrainerOrTwo_EndsWithTheSameWeights()
    {
        var one = await _runs.EndAsync(await _runs.SubmitAsync("training.shards=2", "resources.trainers.max=1"));
        var two = await _runs.EndAsync(await _runs.SubmitAsync("training.shards=2", "resources.trainers.min=2", "resources.trainers.max=2"));
        var again = await _runs.EndAsync(await _runs.SubmitAsync("training.shards=2", "resources.trainers.min=2", "resources.trainers.max=2"));

        Assert.Equal(64, one.Results!.WeightsSha256.Length);
        Assert.Equal(one.Results.WeightsSha256, two.Results!.WeightsSha256);
        Assert.Equal(one.Results.TestElbo, two.Results.TestElbo);
        Assert.Equal(two.Results.WeightsSha256, again.Results!.WeightsSha256);
    }

    [Fact]
    public async Task Submit_OfAnotherSeed_EndsWithOtherWeights()
    {
        var one = await _runs.EndAsync(await _runs.SubmitAsync("seed=1"));
        var two = await _runs.EndAsync(await _runs.SubmitAsync("seed=2"));

        Assert.NotEqual(one.Results!.WeightsSha256, two.Results!.WeightsSha256);
    }

    [Fact]
    public async Task Submit_WhenDevicesAreTaken_WaitsPendingWithAReason_AndRunsThen()
    {
        var first = await _runs.SubmitAsync("training.epochs=100000", "resources.trainers.min=2", "resources.trainers.max=2");
        await _runs.UntilAsync(first, snapshot => snapshot.Phase == RunPhase.Running, "does not run");
        var second = await _runs.SubmitAsync();

        var waiting = await _runs.UntilAsync(second, snapshot => Reasons(snapshot).Contains(RunReasons.WaitingForDevices), "does not wait for devices");
        await _runs.Grain(first).CancelAsync("a test");
        var ended = await _runs.EndAsync(second);

        Assert.Equal(RunPhase.Pending, waiting.Phase);
        Assert.Equal("The run needs 1 device; the cluster has 2, 0 of them free.", waiting.Conditions[^1].Message);
        Assert.Equal(RunPhase.Succeeded, ended.Phase);
    }

    [Fact]
    public async Task Drive_OfARunThatAnotherActivationHasWritten_YieldsAndIsActivatedAnew()
    {
        var first = await _runs.SubmitAsync("training.epochs=100000", "resources.trainers.min=2", "resources.trainers.max=2");
        await _runs.UntilAsync(first, snapshot => snapshot.Phase == RunPhase.Running, "does not run");
        var second = await _runs.SubmitAsync();
        var waiting = await _runs.UntilAsync(second, snapshot => Reasons(snapshot).Contains(RunReasons.WaitingForDevices), "does not wait for devices");

        // A run that waits writes nothing, so this is as if another activation had.
        await File.AppendAllTextAsync(Path.Combine(_silo.DataDir, "runs", second, "run.json"), "\n", TestContext.Current.CancellationToken);
        await _runs.Grain(first).CancelAsync("a test");
        var ended = await _runs.EndAsync(second);

        Assert.Equal(RunPhase.Succeeded, ended.Phase);
        // An activation counts up from the time when it began, in milliseconds, times 1024.
        Assert.True(ended.Version >> 10 > waiting.Version >> 10, "The activation whose state was out of date went on driving the run.");
    }

    [Fact]
    public async Task Cancel_OfARunningRun_EndsItAndFreesItsDevices()
    {
        var run = await _runs.SubmitAsync("training.epochs=100000");
        await _runs.UntilStepAsync(run, 1);

        var cancelled = (await _runs.Grain(run).CancelAsync("a test")).Run!;

        Assert.Equal(RunPhase.Cancelled, cancelled.Phase);
        Assert.StartsWith("The run was cancelled by a test at step ", cancelled.Conditions[^1].Message);
        await _runs.UntilReleasedAsync(run);
        Assert.Equal(cancelled.Version, (await _runs.Grain(run).CancelAsync("another")).Run!.Version);
    }

    [Fact]
    public async Task Cancel_WithATrainerThatCannotBeReached_StopsTheParameterServerAllTheSame()
    {
        var cluster = _silo.Grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey);
        var run = await _runs.SubmitAsync("training.epochs=100000", "training.shards=4", "resources.trainers.min=3", "resources.trainers.max=3");
        var server = _silo.Grains.GetGrain<IParameterServerGrain>($"{_silo.SiloName}/{run}");
        var deadline = DateTime.UtcNow + RunCalls.Limit;
        while (!(await server.GetStatusAsync(0, 0)).Started)
        {
            Assert.True(DateTime.UtcNow < deadline, "The run did not begin.");
            // No silo has this name.
            await cluster.AnnounceAsync(new SiloAnnouncement("gone", "1", [new("cpu:0", DeviceKind.Cpu, "")]));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var devices = (await _runs.Grain(run).GetAsync())!.Devices;
        await _runs.Grain(run).CancelAsync("a test");
        await cluster.WithdrawAsync("gone");
        await _runs.UntilReleasedAsync(run);

        Assert.Contains("gone/cpu:0", devices);
        Assert.False((await server.GetStatusAsync(0, 0)).Started);
    }

    [Fact]
    public async Task Resume_FromACheckpointOfAnotherFormat_FailsWithTheSentenceThatSaysSo()
    {
        var run = await _runs.SubmitAsync("training.epochs=100000", "checkpoint.every=10");
        await _runs.UntilStepAsync(run, 21);
        await _runs.Grain(run).PauseAsync("a test");
        await UntilStoppedAsync(run);
        var checkpoints = Path.Combine(_silo.DataDir, "runs", run, "checkpoints");
        foreach (var step in CheckpointFolder.StepsIn(checkpoints))
            await StateFormatAsync(Path.Combine(checkpoints, $"{step}"), 7);

        await _runs.Grain(run).ResumeAsync("a test");
        var failed = await _runs.EndAsync(run);

        Assert.Equal((RunPhase.Failed, RunReasons.StorageFailed), (failed.Phase, failed.Conditions[^1].Reason));
        Assert.EndsWith("has format version 7; this build reads version 1. Use the build that wrote the file, or submit the run again.", failed.Conditions[^1].Message, StringComparison.Ordinal);
    }

    /// <summary>Waits until nothing works for a run any more, and its last checkpoint is written: a slow disk may take longer for that than a lease lasts.</summary>
    private async Task UntilStoppedAsync(string run)
    {
        await _runs.UntilReleasedAsync(run);
        await _silo.Grains.GetGrain<IParameterServerGrain>(DeviceId.Of(_silo.SiloName, run)).StopAsync(writeCheckpoint: false, keepStandby: false);
    }

    /// <summary>Makes a checkpoint state another version of its format, with the hash to it.</summary>
    private static async Task StateFormatAsync(string folder, int version)
    {
        var (state, sums) = (Path.Combine(folder, "state.json"), Path.Combine(folder, "SHA256SUMS"));
        var before = await File.ReadAllBytesAsync(state, TestContext.Current.CancellationToken);
        var after = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(before).Replace("\"formatVersion\": 1", $"\"formatVersion\": {version}", StringComparison.Ordinal));
        Assert.NotEqual(before, after);
        await File.WriteAllBytesAsync(state, after, TestContext.Current.CancellationToken);
        var lines = await File.ReadAllTextAsync(sums, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(sums, lines.Replace(Hash(before), Hash(after), StringComparison.Ordinal), TestContext.Current.CancellationToken);

        static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
    }

    [Fact]
    public async Task Drive_AfterItsParameterServerIsLost_GoesOnFromTheNewestWholeCheckpoint_ToTheSameBits()
    {
        string[] settings = ["training.epochs=40", "training.shards=2", "checkpoint.every=10", "checkpoint.keep=100", "logging.every=7"];
        var undisturbed = await _runs.EndAsync(await _runs.SubmitAsync(settings));
        var run = await _runs.SubmitAsync(settings);
        await _runs.UntilStepAsync(run, 101);
        await _runs.Grain(run).PauseAsync("a test");
        var checkpoints = Path.Combine(_silo.DataDir, "runs", run, "checkpoints");
        await UntilStoppedAsync(run);
        var newest = Path.Combine(checkpoints, $"{CheckpointFolder.StepsIn(checkpoints)[0]}");
        await File.AppendAllTextAsync(Path.Combine(newest, "optimizer.safetensors"), "!", TestContext.Current.CancellationToken);

        await _runs.Grain(run).ResumeAsync("a test");
        var ended = await _runs.EndAsync(run);

        Assert.Equal(undisturbed.Results!.WeightsSha256, ended.Results!.WeightsSha256);
        Assert.Contains(RunReasons.CheckpointDamaged, Reasons(ended));
        Assert.StartsWith($"The checkpoint of step {Path.GetFileName(newest)} is damaged", ended.Conditions.First(condition => condition.Reason == RunReasons.CheckpointDamaged).Message);
        Assert.Contains("it continues from the checkpoint of step ", ended.Conditions.First(condition => condition.Reason == RunReasons.Replaying).Message);
        Assert.Equal(Losses(undisturbed.RunId), Losses(run));
    }

    [Fact]
    public async Task Pause_HoldsTheRunWithoutDevices_UntilItIsResumed()
    {
        string[] settings = ["training.epochs=40", "training.shards=2"];
        var undisturbed = await _runs.EndAsync(await _runs.SubmitAsync(settings));
        var run = await _runs.SubmitAsync(settings);
        await _runs.UntilStepAsync(run, 21);

        var paused = (await _runs.Grain(run).PauseAsync("a test")).Run!;
        var other = await _runs.EndAsync(await _runs.SubmitAsync("resources.trainers.min=2", "resources.trainers.max=2", "training.shards=2"));
        var held = (await _runs.Grain(run).GetAsync())!;
        await _runs.Grain(run).ResumeAsync("a test");
        var ended = await _runs.EndAsync(run);

        Assert.Equal(RunPhase.Paused, paused.Phase);
        Assert.Equal(RunPhase.Succeeded, other.Phase);
        Assert.Equal((RunPhase.Paused, paused.Progress.Step), (held.Phase, held.Progress.Step));
        Assert.Equal(undisturbed.Results!.WeightsSha256, ended.Results!.WeightsSha256);
        Assert.DoesNotContain("from step 0", ended.Conditions.First(condition => condition.Reason == RunReasons.Resumed).Message);
        // The checkpoint that a pause writes carries the records that the run has not fetched, so no step is missing from the ledger.
        Assert.DoesNotContain(RunReasons.LedgerIncomplete, Reasons(ended));
    }

    [Fact]
    public async Task Retry_OfACancelledRun_GoesOnWhereItWas_ToTheSameBits()
    {
        string[] settings = ["training.epochs=40", "training.shards=2"];
        var undisturbed = await _runs.EndAsync(await _runs.SubmitAsync(settings));
        var run = await _runs.SubmitAsync(settings);
        await _runs.UntilStepAsync(run, 21);
        await _runs.Grain(run).CancelAsync("a test");

        await _runs.Grain(run).RetryAsync("a test");
        var ended = await _runs.EndAsync(run);

        Assert.Equal(undisturbed.Results!.WeightsSha256, ended.Results!.WeightsSha256);
        Assert.Equal(RunRefusal.NotAllowed, (await _runs.Grain(run).RetryAsync("a test")).Refusal);
    }

    [Fact]
    public async Task Submit_OfDataThatAreNotThoseDescribed_FailsAndSaysWhy()
    {
        var run = await _runs.SubmitAsync(data => data with { Sha256 = new string('0', 64) });

        var ended = await _runs.EndAsync(run);

        Assert.Equal(RunPhase.Failed, ended.Phase);
        Assert.Equal(RunReasons.DataUnavailable, ended.Conditions[^1].Reason);
        Assert.Contains("not those that the run was submitted with", ended.Conditions[^1].Message);
    }

    [Fact]
    public async Task Submit_WithARateThatExplodes_FailsNamingStepAndTerm()
    {
        var run = await _runs.SubmitAsync("optimizer.kind=sgd", "optimizer.learningRate=100", "training.epochs=50");

        var ended = await _runs.EndAsync(run);

        Assert.Equal(RunPhase.Failed, ended.Phase);
        Assert.Equal(RunReasons.NonFinite, ended.Conditions[^1].Reason);
        Assert.Matches("^At step [0-9]+ (the reconstruction term|the KL term|the gradient's norm) is ", ended.Conditions[^1].Message);
    }

    [Fact]
    public async Task Train_WithABetaThatLeavesNoKl_SaysThatThePosteriorCollapsed()
    {
        var run = await _runs.SubmitAsync("objective.beta.value=400", "optimizer.learningRate=0.005", "objective.collapse.steps=10", "training.epochs=6");

        var ended = await _runs.EndAsync(run);

        Assert.Equal(RunPhase.Succeeded, ended.Phase);
        Assert.Single(ended.Conditions, condition => condition.Reason == RunReasons.PosteriorCollapsed);
        Assert.True(ended.Progress.IsCollapsed);
    }

    [Fact]
    public async Task Get_OfNoRun_SaysSo()
    {
        var answer = await _runs.Grain("nobody-1").CancelAsync("a test");

        Assert.Null(await _runs.Grain("nobody-1").GetAsync());
        Assert.Equal((RunRefusal.NotFound, "Run 'nobody-1' does not exist. `vaectl list` lists the runs."), (answer.Refusal, answer.Message));
    }

    [Fact]
    public async Task Push_OfWhatCannotBeAPart_IsRefusedAndTheRunIsUnharmed()
    {
        var run = await _runs.SubmitAsync("training.epochs=100000");
        await _runs.UntilStepAsync(run, 1);
        var server = _silo.Grains.GetGrain<IParameterServerGrain>($"{_silo.SiloName}/{run}");
        var bad = new GradientBlock { Step = 0, FirstShard = 0, ShardCount = 1, Part = 0, Losses = new LossSums(1, 1, 1), Payload = PartBuffer.Wrap(new byte[12]), Contributors = [new(0, 1, "stranger")] };

        var shortPayload = await server.PushAsync(bad);
        var unaligned = await server.PushAsync(bad with { Payload = PartBuffer.Wrap(new byte[12]), FirstShard = 1, ShardCount = 2 });
        var noPart = await server.PushAsync(bad with { Payload = PartBuffer.Wrap(new byte[12]), Part = 9 });
        var cancelled = (await _runs.Grain(run).CancelAsync("a test")).Run!;

        Assert.Equal(PushOutcome.Refused, shortPayload.Outcome);
        Assert.Contains("The payload has 12 bytes", shortPayload.Message);
        Assert.Equal("Shards 1 to 2 are not a node of the tree over 2 shards.", unaligned.Message);
        Assert.Equal("Part 9 of a gradient that has 1 parts.", noPart.Message);
        Assert.Equal(RunPhase.Cancelled, cancelled.Phase);
    }

    /// <summary>What the log says of each line but the time.</summary>
    private List<(long Step, double Elbo, long Samples)> Losses(string run) =>
        [.. MetricsFile.Read(Path.Combine(_silo.DataDir, "runs", run, "metrics.jsonl")).Select(line => (line.Step, line.Elbo, line.Samples))];

    private static ImmutableArray<string> Reasons(RunSnapshot snapshot) => [.. snapshot.Conditions.Select(condition => condition.Reason)];
}
