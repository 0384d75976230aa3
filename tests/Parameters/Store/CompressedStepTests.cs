using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Compression;
using VaeCluster.Parameters.Store;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Parameters.Store;

/// <summary>The store of a run that compresses its gradients.</summary>
public sealed class CompressedStepTests
{
    private const int Parameters = 300;
    private const int Buffers = 5;

    public static TheoryData<string> Kinds => new("bf16", "fp16", "int8");

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Apply_InAnyOrder_ComesToTheSameBitsAndState(string kind)
    {
        var (one, other) = (Run(kind), Run(kind));

        for (var step = 0; step < 6; step++)
        {
            Push(one, [0, 1, 2, 3]);
            Push(other, [3, 1, 0, 2]);
            Assert.NotNull(one.Store.TryApplyStep().Record);
            Assert.NotNull(other.Store.TryApplyStep().Record);
        }

        Assert.Equal(one.Hash, other.Hash);
        Assert.Equal(one.Store.Capture(0).State.Scales, other.Store.Capture(0).State.Scales);
        Assert.NotEqual(Run("none").Hash, one.Hash);
    }

    [Fact]
    public void Apply_TheFirstStep_IsThatOfARunThatDoesNotCompress()
    {
        var (plain, compressed) = (Run("none"), Run("int8"));

        foreach (var run in new[] { plain, compressed })
        {
            Push(run, [0, 1, 2, 3]);
            run.Store.TryApplyStep();
        }

        Assert.Equal(plain.Hash, compressed.Hash);
        Assert.Empty(plain.Store.Capture(0).State.Scales);
        Assert.Equal(4, compressed.Store.Capture(0).State.Scales.Length);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Apply_NotFiniteOnce_IsComputedAgainAndLeavesNoTrace(string kind)
    {
        var (disturbed, valid) = (AfterOneStep(kind), AfterOneStep(kind));
        Push(disturbed, [0, 1, 3]);
        Offer(disturbed, 2, leaf => leaf.Payload.Values[3] = float.PositiveInfinity);

        var suspect = disturbed.Store.TryApplyStep();

        Assert.Null(suspect.Record);
        Assert.Contains("At step 1 the gradient's norm is", suspect.SuspectReason, StringComparison.Ordinal);
        Assert.Equal([0, 1, 2, 3], disturbed.Store.MissingShards());
        Push(disturbed, [0, 1, 2, 3]);
        Push(valid, [0, 1, 2, 3]);
        Assert.Equal(valid.Store.TryApplyStep().Record?.GradientNorm, disturbed.Store.TryApplyStep().Record?.GradientNorm);
        Assert.Equal(valid.Hash, disturbed.Hash);
    }

    [Fact]
    public void Apply_NotFiniteTwice_SkipsAndKeepsTheScales()
    {
        var run = AfterOneStep("int8", "training.nonFinite=skip");
        var before = run.Store.Capture(0).State;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            Push(run, [0, 1, 3]);
            Offer(run, 2, leaf => leaf.Payload.Values[3] = float.NaN);
            run.Store.TryApplyStep();
        }

        var after = run.Store.Capture(0);

        Assert.True(after.Records[^1].Skipped);
        Assert.Equal(2, after.State.Step);
        Assert.Equal(before.Scales, after.State.Scales);
        Assert.Equal(before.Weights, after.State.Weights);
    }

    [Fact]
    public void Offer_WhatCannotBelong_IsRefusedInWords()
    {
        var run = AfterOneStep("int8");
        var plain = run.Leaf(1, 0);
        var encoded = Encode(run, run.Leaf(1, 0));

        Assert.Equal(
            new(PushOutcome.Refused, "The payload is float32; part 0 of this run travels as 300 values as int8 and 5 as float32 at step 1."),
            run.Store.Offer(plain));
        Assert.Equal(
            new(PushOutcome.Refused, "The payload is 300 values as bf16 and 5 as float32; part 0 of this run travels as 300 values as int8 and 5 as float32 at step 1."),
            run.Store.Offer(encoded with { Format = encoded.Format with { Encoding = GradientEncoding.BFloat16 } }));
        Assert.Equal(
            new(PushOutcome.Refused, "The payload has 348 bytes; part 0 of this model has 388."),
            run.Store.Offer(Encode(run, run.Leaf(1, 0)) with { ShardCount = 2 }));
        Assert.Equal([0, 1, 2, 3], run.Store.MissingShards());
    }

    /// <summary>The first step travels as float32: a block of it that comes late is of another step, and nothing that ends a trainer.</summary>
    [Fact]
    public void Offer_OfAnEarlierStepInItsFormat_IsOfAnotherStep() =>
        Assert.Equal(new(PushOutcome.OtherStep, "The run is at step 1."), AfterOneStep("int8").Store.Offer(Run("int8").Leaf(0, 0)));

    [Theory]
    [InlineData("none", "int8", 4)]
    [InlineData("int8", "none", 0)]
    [InlineData("int8", "fp16", 4)]
    public void Checkpoint_OfARunThatContinuesAnother_BeginsWithScalesItCanUse(string from, string to, int scales)
    {
        using var folder = new TemporaryFolder();
        var (source, target) = (AfterOneStep(from), Run(to));
        var plan = new RunPlan { RunId = "fork", SpecJson = "{}", Data = ASpec.Data(train: 16) };
        var checkpoints = new CheckpointFolder(folder.Path, plan, target.Spec, target.Store.Layout);

        checkpoints.Write(source.Store.Capture(0), keep: 1);
        var state = checkpoints.Read(1).State;

        Assert.Equal(scales, state.Scales.Length);
        if (from == "none")
            Assert.Equal(new byte[scales], state.Scales);
        Assert.Equal(source.Store.Capture(0).State.Weights, state.Weights);
        Assert.Equal(1, new ParameterStore(target.Spec, ASpec.Data(train: 16), target.Store.Layout, checkpoints.Read(1)).Step);
    }

    private static StoreUnderTest Run(string kind, params string[] settings) =>
        new(StoreUnderTest.Layout(Parameters, Buffers), 4, [$"training.compression={kind}", .. settings]);

    private static StoreUnderTest AfterOneStep(string kind, params string[] settings)
    {
        var run = Run(kind, settings);
        Push(run, [0, 1, 2, 3]);
        Assert.NotNull(run.Store.TryApplyStep().Record);
        return run;
    }

    private static void Push(StoreUnderTest run, int[] shards)
    {
        foreach (var shard in shards)
            Offer(run, shard, _ => { });
    }

    private static void Offer(StoreUnderTest run, int shard, Action<GradientBlock> change)
    {
        var leaf = run.Leaf(run.Store.Step, shard);
        change(leaf);
        Assert.Equal(new(PushOutcome.Accepted), run.Store.Offer(Encode(run, leaf)));
    }

    private static GradientBlock Encode(StoreUnderTest run, GradientBlock leaf)
    {
        using var weights = run.Store.AcquireWeights();
        return new GradientCompression(run.Spec, run.Store.Layout).Encode(leaf, weights.ScalesOf(0));
    }
}
