using VaeCluster.Data;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data;

public sealed class TrainingScheduleTests
{
    [Theory]
    [InlineData(128, 32, 4)]
    [InlineData(100, 32, 4)]
    [InlineData(97, 8, 8)]
    [InlineData(33, 32, 32)] // The last batch has one example for 32 shards.
    [InlineData(5, 8, 4)]
    [InlineData(1, 1, 1)]
    [InlineData(3, 65_536, 1024)]
    public void Epoch_OverItsStepsAndShards_HasEveryExampleOnce(int examples, int batch, int shards)
    {
        var schedule = Schedule(examples, batch, shards, epochs: 2);

        for (var epoch = 0; epoch < 2; epoch++)
        {
            var used = from step in Enumerable.Range(epoch * schedule.StepsPerEpoch, schedule.StepsPerEpoch)
                       from shard in Enumerable.Range(0, shards)
                       from example in schedule.ExamplesOf(step, shard)
                       select example;
            Assert.Equal(Enumerable.Range(0, examples), used.Order());
        }
    }

    [Fact]
    public void Batch_DividedIntoOtherShards_HasTheSameExamplesInTheSameOrder()
    {
        var whole = Schedule(100, 32, 1);
        var divided = Schedule(100, 32, 8);

        for (var step = 0; step < whole.StepsPerEpoch; step++)
            Assert.Equal(whole.ExamplesOf(step, 0), Enumerable.Range(0, 8).SelectMany(shard => divided.ExamplesOf(step, shard)));
    }

    [Fact]
    public void Epochs_FollowEachOtherInOtherOrders()
    {
        var schedule = Schedule(100, 100, 1, epochs: 2);

        Assert.NotEqual(schedule.ExamplesOf(0, 0), schedule.ExamplesOf(1, 0));
        // Back again: the order of an epoch does not depend on what was asked before.
        Assert.Equal(Schedule(100, 100, 1, epochs: 2).ExamplesOf(0, 0), schedule.ExamplesOf(0, 0));
    }

    [Fact]
    public void Counts_OfPartialBatches_AreRoundedUp()
    {
        var schedule = Schedule(100, 32, 4, epochs: 3);

        Assert.Equal(4, schedule.StepsPerEpoch);
        Assert.Equal(12, schedule.StepCount);
        Assert.Equal([32, 32, 32, 4, 32], Enumerable.Range(0, 5).Select(step => schedule.ExamplesOf(step)));
        Assert.Equal([0, 0, 0, 0, 1, 2, 2], new long[] { 0, 1, 2, 3, 4, 8, 11 }.Select(schedule.EpochOf));
        Assert.Equal((97, 1), schedule.SliceOf(3, 1));
    }

    [Fact]
    public void Slices_AreNearlyEqual()
    {
        foreach (var count in new[] { 0, 1, 7, 8, 9, 1_000, int.MaxValue })
        {
            var slices = Enumerable.Range(0, 8).Select(part => TrainingSchedule.Slice(count, part, 8)).ToList();
            Assert.Equal(count, slices.Sum(slice => (long)slice.Count));
            Assert.InRange(slices.Max(slice => slice.Count) - slices.Min(slice => slice.Count), 0, 1);
            Assert.Equal(slices.Skip(1).Select(slice => slice.Start), slices.SkipLast(1).Select(slice => slice.Start + slice.Count));
        }
    }

    private static TrainingSchedule Schedule(int examples, int batch, int shards, int epochs = 1) =>
        new(ASpec.With($"training.batch={Math.Max(batch, shards)}", $"training.shards={shards}", $"training.epochs={epochs}"), ASpec.Data(examples));
}
