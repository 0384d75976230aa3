using Grpc.Core;
using VaeCluster.Contracts.V1;
using static VaeCluster.EndToEnd.RunCalls;

namespace VaeCluster.EndToEnd;

/// <summary>Runs that go on from another run's checkpoint.</summary>
public sealed class ForkTests
{
    private static readonly string[] Settings =
        ["data.count=620", "data.test=20", "data.imageSize=16", "model.hidden=[16]", "model.latent=2", "training.batch=50", "training.epochs=5", "checkpoint.every=17", "checkpoint.keep=10"];

    [Fact]
    public async Task Submit_FromACheckpoint_OfTheSameSpec_EndsWithTheSameWeights_AndProvesIt()
    {
        await using var silo = await SiloProcess.StartAsync();
        var whole = await RunAsync(silo, new SubmitRequest { Spec = "name: whole", Overrides = { Settings } });

        // 12 steps an epoch: step 17 is in the midst of the second.
        var fork = await RunAsync(silo, new SubmitRequest { From = $"{whole.RunId}@17", Overrides = { "name=fork" } });
        var longer = await RunAsync(silo, new SubmitRequest { From = whole.RunId, Overrides = { "name=longer", "training.epochs=6" } });

        Assert.Equal($"The run was accepted; it continues from step 17 of run {whole.RunId}.", fork.Conditions[0].Message);
        Assert.Equal(whole.Results.WeightsSha256, fork.Results.WeightsSha256);
        Assert.Equal(whole.Results.TestElboNats, fork.Results.TestElboNats);
        Assert.DoesNotContain(fork.Conditions, condition => condition.Reason == "Replaying");
        var audit = await AuditAsync(silo, fork.RunId);
        Assert.True(audit.Valid, string.Join('\n', audit.Findings));
        Assert.Equal((60 - 17, 60, 3), (audit.Steps, audit.StepCount, audit.EpochsProven));
        var longerAudit = await AuditAsync(silo, longer.RunId);
        Assert.True(longerAudit.Valid, string.Join('\n', longerAudit.Findings));
        Assert.Equal((12, 72, 1), (longerAudit.Steps, longerAudit.StepCount, longerAudit.EpochsProven));
        Assert.NotEqual(whole.Results.WeightsSha256, longer.Results.WeightsSha256);
    }

    [Fact]
    public async Task Submit_FromACheckpointOfLocalSteps_EndsWithTheSameWeights_AndProvesIt()
    {
        await using var silo = await SiloProcess.StartAsync();
        var whole = await RunAsync(silo, new SubmitRequest { Spec = "name: whole", Overrides = { Settings, "training.localSteps=5", "checkpoint.every=4" } });

        // Twelve batches make three exchanges an epoch: step 4 is in the midst of the second.
        var fork = await RunAsync(silo, new SubmitRequest { From = $"{whole.RunId}@4", Overrides = { "name=fork" } });

        Assert.Equal(whole.Results.WeightsSha256, fork.Results.WeightsSha256);
        var audit = await AuditAsync(silo, fork.RunId);
        Assert.True(audit.Valid, string.Join('\n', audit.Findings));
        Assert.Equal((15 - 4, 15, 3), (audit.Steps, audit.StepCount, audit.EpochsProven));
        Assert.StartsWith(
            $"training.localSteps is 1, and that of run {whole.RunId} is 5;",
            (await RefusedAsync(silo, $"{whole.RunId}@4", "training.localSteps=1")).Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_FromWhatCannotBeGoneOnFrom_IsRefused_AndSaysWhy()
    {
        await using var silo = await SiloProcess.StartAsync();
        var source = await RunAsync(silo, new SubmitRequest { Spec = "name: source", Overrides = { Settings } });

        Assert.Equal((StatusCode.NotFound, "Run 'nope-1' does not exist. `vaectl list` lists the runs."), await RefusedAsync(silo, "nope-1@5"));
        var absent = await RefusedAsync(silo, $"{source.RunId}@5");
        Assert.Equal(StatusCode.FailedPrecondition, absent.Code);
        Assert.Matches($"^Run {source.RunId} has no checkpoint of step 5; it has checkpoints of steps 17, .*60\\. A run's checkpoint.every sets when one is written, and checkpoint.keep how many are kept\\.$", absent.Detail);
        Assert.StartsWith("from is 'x@first'; it must be a run, or a run and a step", (await RefusedAsync(silo, "x@first")).Detail, StringComparison.Ordinal);
        Assert.Equal(
            [
                $"The spec's model has other tensors than that of run {source.RunId}; continuing from its weights requires the same tensors. Use its model section and its data's shape, or start without --from.",
                $"optimizer.kind is sgd, which keeps other state than that of run {source.RunId}; continuing requires the same state. Use its optimizer section, or start without --from.",
            ],
            (await RefusedAsync(silo, $"{source.RunId}@17", "model.latent=3", "optimizer.kind=sgd")).Detail.Split('\n'));
        Assert.StartsWith("training.epochs is 5, which makes 60 steps, and the checkpoint is of step 60; no step is left to train.", (await RefusedAsync(silo, source.RunId)).Detail, StringComparison.Ordinal);
    }

    private static async Task<(StatusCode Code, string Detail)> RefusedAsync(SiloProcess silo, string from, params string[] overrides)
    {
        var request = new SubmitRequest { From = from, Overrides = { overrides } };
        var e = await Assert.ThrowsAsync<RpcException>(async () => await silo.Cluster.Runs.SubmitAsync(request, cancellationToken: TestContext.Current.CancellationToken));
        return (e.StatusCode, e.Status.Detail);
    }

    private static async Task<AuditReport> AuditAsync(SiloProcess silo, string runId) =>
        await silo.Cluster.Runs.AuditRunAsync(new GetRunRequest { RunId = runId }, cancellationToken: TestContext.Current.CancellationToken);
}
