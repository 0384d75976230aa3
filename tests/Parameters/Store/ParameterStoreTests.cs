using System.Globalization;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Parameters.Reduction;
using VaeCluster.Parameters.Store;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Parameters.Store;

public sealed class ParameterStoreTests
{
    [Fact]
    public void Apply_WhenEveryShardIsIn_MovesTheWeightsByTheMeanGradient()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(21), 4, "optimizer.kind=sgd", "optimizer.learningRate=0.5", "objective.beta.value=3");

        for (var shard = 0; shard < 4; shard++)
        {
            Assert.Null(test.Store.TryApplyStep().Record);
            Assert.Equal(PushOutcome.Accepted, test.Store.Offer(test.Part(shard + 1, shard, 1, reconstruction: 10 * shard, kl: shard)).Outcome);
        }
        Assert.Equal(test.Initial, test.Weights);
        var record = test.Store.TryApplyStep().Record;

        // 1 + 2 + 3 + 4 over eight examples, times the rate.
        Assert.Equal(test.Initial.Select(weight => weight - (10f / 8 * 0.5f)), test.Weights);
        Assert.Equal(
            new StepRecord
            {
                Step = 1,
                Losses = new(8, 60, 6),
                Beta = 3,
                LearningRate = 0.5,
                GradientNorm = Math.Sqrt(21) * 10 / 8,
            },
            record! with { Blocks = [] });
        Assert.Equal([0, 1, 2, 3], record.Blocks.Select(block => block.FirstShard));
        Assert.Equal(1, test.Store.Step);
        Assert.Null(test.Store.TryApplyStep().Record);
    }

    [Fact]
    public void Apply_ReportsWhoComputedWhichShards_AlsoWhereALargerBlockReplacesSmallerOnes()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(5), 8, "training.epochs=1");
        void Offer(int first, int count, string device) => test.Store.Offer(test.Part(1, first, count) with { Contributors = [new(first, count, device)] });
        Offer(6, 2, "a/cpu:0");
        Offer(0, 1, "a/cpu:0");
        Offer(2, 2, "b/cpu:0");
        Offer(0, 2, "c/cpu:0"); // Holds shard 0, which is replaced.
        Offer(3, 1, "d/cpu:0"); // Is there already.
        Offer(4, 1, "a/cpu:0");
        Offer(5, 1, "b/cpu:0");

        var first = test.Store.TryApplyStep().Record!;
        var last = test.Apply(test.Part(1));

        Assert.Equal([new(0, 2, "c/cpu:0"), new(2, 2, "b/cpu:0"), new(4, 1, "a/cpu:0"), new(5, 1, "b/cpu:0"), new(6, 2, "a/cpu:0")], first.Blocks);
        Assert.Equal([new ComputedBlock(0, 8, "silo/cpu:0")], last.Blocks);
        Assert.Equal(("", test.Hash), (first.WeightsSha256, last.WeightsSha256));
    }

    [Fact]
    public void Apply_WithAHashOfEachStep_ReportsThatOfTheNewWeights()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(5), 1, "ledger.hash=steps");

        for (var step = 0; step < 3; step++)
            Assert.Equal(test.Apply(test.Part(1)).WeightsSha256, test.Hash);
    }

    [Fact]
    public void Weights_OfAStep_NeverChange()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(5), 1);
        using var before = test.Store.AcquireWeights();
        var copy = before.ToArrays();

        // More steps than there are buffers in turn.
        for (var i = 0; i < 5; i++)
            test.Apply(test.Part(1));

        Assert.Equal(0, before.Step);
        Assert.Equal(copy, before.ToArrays());
        Assert.NotEqual(test.Initial, test.Weights);
    }

    [Fact]
    public void AcquireWeights_AreValid_UntilTheirLastOwnerDisposesThem()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(5), 1);
        var before = test.Store.AcquireWeights();
        var other = before.TryShare()!;
        test.Apply(test.Part(1));

        before.Dispose();
        before.Dispose();
        Assert.Equal(test.Initial, other.Parts[0].Values);
        other.Dispose();

        Assert.Null(other.TryShare());
        Assert.Throws<ObjectDisposedException>(() => other.ToArrays());
    }

    [Fact]
    public void Apply_LastStep_FinishesTheRun()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(5), 1);

        for (var step = 0; step < 10; step++)
        {
            Assert.False(test.Store.IsFinished);
            test.Apply(test.Part(1));
        }

        Assert.True(test.Store.IsFinished);
        Assert.Equal((10, 10), (test.Store.Step, test.Store.StepCount));
        Assert.Equal(PushOutcome.Accepted, test.Store.Offer(test.Part(1)).Outcome);
        Assert.Null(test.Store.TryApplyStep().Record);
    }

    [Fact]
    public void Apply_PartialBatch_DividesByItsExamples()
    {
        // Ten examples in batches of eight: the second batch has two.
        var layout = StoreUnderTest.Layout(3);
        var spec = ASpec.With("training.batch=8", "training.shards=1", "optimizer.kind=sgd", "optimizer.learningRate=1");
        var store = new ParameterStore(spec, ASpec.Data(10), layout, new float[3]);

        store.Offer(StoreUnderTest.Part([8, 8, 8], 0, 1, 0, 0, new(8, 1, 1)));
        store.TryApplyStep();
        store.Offer(StoreUnderTest.Part([8, 8, 8], 0, 1, 0, 1, new(2, 1, 1)));
        store.TryApplyStep();

        Assert.Equal([-5f, -5f, -5f], store.AcquireWeights().Parts[0].Values.ToArray());
    }

    [Fact]
    public void Offer_Duplicates_CountOnce()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(5), 2, "optimizer.kind=sgd", "optimizer.learningRate=1");

        Assert.Equal(PushOutcome.Accepted, test.Store.Offer(test.Part(8, 0, 1)).Outcome);
        Assert.Equal(new PushAnswer(PushOutcome.Duplicate), test.Store.Offer(test.Part(8, 0, 1)));
        Assert.Null(test.Store.TryApplyStep().Record);
        test.Store.Offer(test.Part(8, 1, 1));
        Assert.Equal(new PushAnswer(PushOutcome.Duplicate), test.Store.Offer(test.Part(8, 0, 2)));
        test.Store.TryApplyStep();

        Assert.Equal(test.Initial.Select(weight => weight - 2), test.Weights);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Offer_OfAnotherStep_ChangesNothing(int offset)
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(5), 1);
        test.Apply(test.Part(1));

        var answer = test.Store.Offer(test.Part(1, step: 1 + offset));

        Assert.Equal(new PushAnswer(PushOutcome.OtherStep, "The run is at step 1."), answer);
        Assert.Null(test.Store.TryApplyStep().Record);
    }

    [Fact]
    public void Offer_WhatCannotBelong_IsRefusedInWords()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(5), 4);

        PushAnswer Answer(GradientBlock part) => test.Store.Offer(part);

        Assert.Equal(new(PushOutcome.Refused, "Part 1 of a gradient that has 1 parts."), Answer(test.Part(1) with { Part = 1 }));
        Assert.Equal(new(PushOutcome.Refused, "Part -1 of a gradient that has 1 parts."), Answer(test.Part(1) with { Part = -1 }));
        Assert.Equal(new(PushOutcome.Refused, "Shards 1 to 2 are not a node of the tree over 4 shards."), Answer(test.Part(1) with { FirstShard = 1, ShardCount = 2 }));
        Assert.Equal(new(PushOutcome.Refused, "Shards 0 to 7 are not a node of the tree over 4 shards."), Answer(test.Part(1) with { ShardCount = 8 }));
        Assert.Equal(new(PushOutcome.Refused, "The payload has 16 bytes; part 0 of this model has 20."), Answer(test.Part(1) with { Payload = PartBuffer.Wrap(new byte[16]) }));
        Assert.Null(test.Store.TryApplyStep().Record);
        Assert.Equal(test.Initial, test.Weights);
    }

    [Theory]
    [InlineData("optimizer.kind=adam")]
    [InlineData("optimizer.kind=adamw", "optimizer.weightDecay=0.1", "optimizer.clipNorm=0.5")]
    [InlineData("optimizer.kind=sgd", "optimizer.momentum=0.9", "optimizer.clipNorm=1")]
    public void Apply_WholeBlocksOrSingleShards_GivesTheSameBits(params string[] settings)
    {
        const int Parameters = 70_001; // Two chunks, the second of them odd.
        var single = new StoreUnderTest(StoreUnderTest.Layout(Parameters), 8, settings);
        var grouped = new StoreUnderTest(StoreUnderTest.Layout(Parameters), 8, settings);

        for (var step = 0; step < 10; step++)
        {
            var leaves = Enumerable.Range(0, 8).Select(shard => single.Leaf(step, shard)).ToList();
            foreach (var leaf in leaves.OrderBy(leaf => (leaf.FirstShard * 5) % 8))
                single.Store.Offer(Copy(leaf));
            grouped.Store.Offer(Sum(leaves, 4, 4));
            grouped.Store.Offer(Copy(leaves[3]));
            grouped.Store.Offer(Sum(leaves, 0, 2));
            grouped.Store.Offer(Copy(leaves[2]));
            var (one, other) = (single.Store.TryApplyStep().Record!, grouped.Store.TryApplyStep().Record!);
            Assert.Equal((8, 4), (one.Blocks.Length, other.Blocks.Length));
            Assert.Equal(one with { Blocks = [] }, other with { Blocks = [] });
        }

        Assert.Equal(10, single.Store.Step);
        Assert.Equal(single.Weights, grouped.Weights);
    }

    [Fact]
    public void Apply_Clipped_ScalesTheMeanGradientToTheNorm()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(4), 1, "optimizer.kind=sgd", "optimizer.learningRate=1", "optimizer.clipNorm=1");

        var record = test.Apply(test.Part(24));

        // The mean is 3 in four places, a norm of 6: each place goes down by 3 / 6.
        Assert.Equal(6, record.GradientNorm);
        Assert.Equal(test.Initial.Select(weight => weight - 0.5f), test.Weights);
    }

    [Fact]
    public void Apply_BelowTheClip_ScalesNothing()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(4), 1, "optimizer.kind=sgd", "optimizer.learningRate=1", "optimizer.clipNorm=7");

        test.Apply(test.Part(24));

        Assert.Equal(test.Initial.Select(weight => weight - 3f), test.Weights);
    }

    [Fact]
    public void Apply_RunningStatistics_AreAveragedNotOptimized()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(3, buffers: 2), 2, "optimizer.kind=sgd", "optimizer.learningRate=1", "optimizer.clipNorm=1e-9");
        // Each shard sends its statistics times its four examples.
        test.Store.Offer(StoreUnderTest.Part([0, 0, 0, 4 * 1f, 4 * 10f], 0, 1, 0, 0, new(4, 1, 1)));
        test.Store.Offer(StoreUnderTest.Part([0, 0, 0, 4 * 3f, 4 * 20f], 1, 1, 0, 0, new(4, 1, 1)));

        var record = test.Store.TryApplyStep().Record;

        Assert.Equal(0, record!.GradientNorm);
        Assert.Equal([.. test.Initial[..3], 2f, 15f], test.Weights);
    }

    [Fact]
    public void Apply_LayoutOfSeveralParts_WaitsForAllAndUpdatesEach()
    {
        const int Parameters = ParameterLayout.PartLengthMax + 70_000;
        var test = new StoreUnderTest(StoreUnderTest.Layout(Parameters, buffers: 5), 2, "optimizer.kind=sgd", "optimizer.learningRate=1", "optimizer.clipNorm=100");
        Assert.Equal(2, test.Store.Layout.PartCount);

        test.Store.Offer(test.Part(4, 0, 2, part: 0));
        Assert.Null(test.Store.TryApplyStep().Record);
        test.Store.Offer(test.Part(4, 0, 1, part: 1));
        Assert.Null(test.Store.TryApplyStep().Record);
        Assert.Equal("The payload has 1048576 bytes; part 1 of this model has 280020.", test.Store.Offer(test.Part(4) with { Part = 1 }).Message);
        test.Store.Offer(test.Part(4, 1, 1, part: 1));
        var record = test.Store.TryApplyStep().Record;

        // 1/2 a place of the first part, 1 a place of the second.
        var norm = Math.Sqrt((ParameterLayout.PartLengthMax * 0.25) + 70_000);
        Assert.Equal(norm, record!.GradientNorm, 1e-9);
        var weights = test.Weights;
        var clip = (float)(100 / norm / StoreUnderTest.Batch);
        Assert.Equal(test.Initial[7] - (4 * clip), weights[7]);
        Assert.Equal(test.Initial[ParameterLayout.PartLengthMax - 1] - (4 * clip), weights[ParameterLayout.PartLengthMax - 1]);
        Assert.Equal(test.Initial[ParameterLayout.PartLengthMax] - (8 * clip), weights[ParameterLayout.PartLengthMax]);
        Assert.Equal(test.Initial[Parameters - 1] - (8 * clip), weights[Parameters - 1]);
        Assert.Equal([1f, 1f, 1f, 1f, 1f], weights[Parameters..]);
    }

    /// <summary>How the norm is added up is part of the mathematics, because clipping scales every weight by it.</summary>
    [Fact]
    public void Apply_NormOfManyChunks_IsTheSameBitsOnEveryMachine()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(200_001), 1);

        var norm = test.Apply(test.Leaf(0, 0)).GradientNorm;

        Assert.Equal("662.1160475410094", norm.ToString("R", CultureInfo.InvariantCulture));
    }

    private static GradientBlock Sum(List<GradientBlock> leaves, int first, int count)
    {
        var tree = new ReductionTree(8);
        for (var shard = first; shard < first + count; shard++)
            tree.Offer(Copy(leaves[shard]));
        return Assert.Single(tree.Take()) with { Contributors = [new(first, count, "silo/cpu:0")] };
    }

    /// <summary>A store takes payloads over.</summary>
    private static GradientBlock Copy(GradientBlock block) => block with { Payload = PartBuffer.Wrap(block.Payload.Bytes.ToArray()) };
}
