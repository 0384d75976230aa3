using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Store;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Parameters.Store;

/// <summary>The weights, the records and the checkpoints of a run do not depend on how many partitions own the flat vector.</summary>
public sealed class PartitionedStoreTests
{
    /// <summary>Five parts, the last of which begins with parameters and ends with running statistics.</summary>
    private static readonly ParameterLayout Layout = StoreUnderTest.Layout((4 * ParameterLayout.PartLengthMax) + 1000, 77);

    [Theory]
    [InlineData("optimizer.kind=adam")]
    [InlineData("optimizer.kind=sgd optimizer.momentum=0.9")]
    [InlineData("optimizer.kind=adam optimizer.clipNorm=0.01 ledger.hash=steps")]
    [InlineData("optimizer.kind=adam training.compression=int8")]
    [InlineData("optimizer.kind=adam training.compression=bf16")]
    public void Apply_WithAnyNumberOfPartitions_ComesToTheSameBits(string settings)
    {
        var whole = Train(partitions: 1, settings);

        foreach (var partitions in (int[])[2, 3, 5])
        {
            var parted = Train(partitions, settings);
            Assert.Equal(whole.Hash, parted.Hash);
            Assert.Equal(whole.Records.Select(record => record with { Blocks = [] }), parted.Records.Select(record => record with { Blocks = [] }));
            Assert.Equal(3, parted.Checkpoint!.State.Step);
            Assert.Equal(whole.Checkpoint!.State.Weights, parted.Checkpoint.State.Weights);
            Assert.Equal(whole.Checkpoint.State.Optimizer, parted.Checkpoint.State.Optimizer);
            Assert.Equal(whole.Checkpoint.State.Scales, parted.Checkpoint.State.Scales);
        }
        Assert.Equal(10, whole.Records.Count);
        Assert.Equal(whole.Hash, whole.Records[^1].WeightsSha256);
        Assert.NotEqual("", whole.Records[2].WeightsSha256);
    }

    [Theory]
    [InlineData("optimizer.kind=adam")]
    [InlineData("optimizer.kind=adam training.compression=int8")]
    public void Apply_FromACheckpoint_GoesOnWithAnotherNumberOfPartitions(string settings)
    {
        var whole = Train(partitions: 1, settings);
        var spec = SpecOf(settings);

        var parted = new PartitionedStore(spec, Layout, Train(partitions: 2, settings).Checkpoint!, partitions: 4);
        for (var step = 3; step < 10; step++)
            parted.Offer(GradientOf(step));

        Assert.Equal(whole.Hash, parted.Hash);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Apply_OfAGradientThatIsNotFinite_IsRepeatedByAll_WhicheverRangeHasIt(int part)
    {
        var (spec, test) = Begin(partitions: 3, "training.nonFinite=skip");
        var fine = Begin(partitions: 1, "training.nonFinite=skip").Test;
        Assert.Equal(NonFiniteAction.Skip, spec.Training.NonFinite);

        test.Offer(GradientOf(0, poisoned: part));
        var suspected = Assert.Single(test.Suspected);
        Assert.Equal(0, test.Step);
        test.Offer(GradientOf(0));
        test.Offer(GradientOf(1, poisoned: part));
        test.Offer(GradientOf(1, poisoned: part));
        fine.Offer(GradientOf(0));

        Assert.StartsWith("At step 0 the gradient's norm is NaN.", suspected, StringComparison.Ordinal);
        // The first attempt at step 0 left nothing behind, and step 1 was skipped the second time.
        Assert.Equal((2, fine.Hash), (test.Step, test.Hash));
        Assert.Equal([false, true], test.Records.Select(record => record.Skipped));
    }

    [Fact]
    public void Offer_OfAnAttemptThatWasGivenUp_BringsThePartitionToTheNewOne()
    {
        var (spec, whole) = (SpecOf("optimizer.kind=adam"), Initial());
        var server = new ParameterStore(spec, ASpec.Data(train: 16), Layout, whole, partitions: 2);
        var range = PartRange.Divide(Layout, 2)[0];
        var partition = new PartitionStore(spec, ASpec.Data(train: 16), Layout, range, whole.State.Slice(Layout, range));
        var blocks = GradientOf(0).Where(block => range.Contains(block.Part)).ToList();
        blocks.ForEach(block => partition.Offer(block));
        var reduced = partition.TryReduce()!;

        var attempt = server.TryRestartStep();
        var missed = server.Offer(new RangeGradient { Session = "", Range = 0, Step = 0, Attempt = reduced.Attempt, SquareSums = [.. reduced.SquareSums] });

        Assert.Equal((1, StepVerdict.Repeat, 1), (attempt, missed!.Verdict, missed.NextAttempt));
        Assert.True(partition.Apply(missed));
        Assert.Null(partition.TryReduce());
        Assert.Equal([0, 1], partition.MissingShards());
    }

    [Fact]
    public void TryRestartStep_OfAStepThatIsDecided_WaitsForItsEnd()
    {
        var (_, test) = Begin(partitions: 1, "optimizer.kind=adam");
        test.CheckpointAt = 1;
        var server = new ParameterStore(SpecOf("ledger.hash=steps"), ASpec.Data(train: 16), Layout, Initial(), partitions: 2);
        foreach (var block in GradientOf(0).Where(block => server.Range.Contains(block.Part)))
            server.Offer(block);
        server.Offer(new RangeGradient { Session = "", Range = 0, Step = 0, Attempt = 0, SquareSums = [1] });

        Assert.Equal(StateCopy.Weights, server.TryApplyStep().Awaited);
        Assert.Null(server.TryRestartStep());
        Assert.Null(server.TryApplyStep().Decision);
        var range = PartRange.Divide(Layout, 2)[0];
        var record = server.CompleteStep([Initial().State.Slice(Layout, range) with { Step = 1, Updates = 1 }]).Record!;

        Assert.Equal((1, 64), (record.Step, record.WeightsSha256.Length));
        Assert.Equal(1, server.TryRestartStep());
    }

    [Fact]
    public void Offer_OfAnotherOwnersPart_IsRefusedWithTheNumbers()
    {
        var server = new ParameterStore(SpecOf("optimizer.kind=adam"), ASpec.Data(train: 16), Layout, Initial(), partitions: 2);

        var answer = server.Offer(GradientOf(0)[0]);

        Assert.Equal(
            new PushAnswer(PushOutcome.Refused, "Part 0 belongs to another parameter server of the run; this one has parts 2 to 4."),
            answer);
    }

    [Fact]
    public void Join_OfRangesOfSeveralSteps_IsRefused()
    {
        var state = Initial().State;

        var refused = Assert.Throws<ArgumentException>(() => TrainingState.Join([state, state with { Step = 1 }]));

        Assert.StartsWith("The ranges' states are of steps 0, 1.", refused.Message, StringComparison.Ordinal);
    }

    private static PartitionedStore Train(int partitions, string settings)
    {
        var (_, test) = Begin(partitions, settings);
        test.CheckpointAt = 3;
        for (var step = 0; step < 10; step++)
            test.Offer(GradientOf(step));
        return test;
    }

    private static (RunSpec Spec, PartitionedStore Test) Begin(int partitions, string settings)
    {
        var spec = SpecOf(settings);
        return (spec, new PartitionedStore(spec, Layout, Initial(), partitions));
    }

    private static RunSpec SpecOf(string settings) => new StoreUnderTest(StoreUnderTest.Layout(1), 2, settings.Split(' ')).Spec;

    private static Checkpoint Initial() => new(TrainingState.Create(Layout, 2, Values(seed: -1)) with
    {
        Optimizer = [.. Enumerable.Range(0, 2).Select(_ => new byte[4 * Layout.ParameterLength])],
    }, []);

    /// <summary>Both shards' gradients, part after part.</summary>
    private static List<GradientBlock> GradientOf(int step, int poisoned = -1) =>
    [
        .. Enumerable.Range(0, 2).SelectMany(shard =>
        {
            var values = Values(seed: (2 * step) + shard);
            return Enumerable.Range(0, Layout.PartCount).Select(part =>
            {
                var (start, length) = Layout.PartAt(part);
                var slice = values.AsSpan(start, length).ToArray();
                if (part == poisoned)
                    slice[0] = float.NaN;
                return StoreUnderTest.Part(slice, shard, 1, part, step, new(4, 1 + shard, 2));
            });
        }),
    ];

    private static float[] Values(int seed)
    {
        var random = new Random(seed);
        var values = new float[Layout.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.NextSingle() - 0.5f;
        return values;
    }
}
