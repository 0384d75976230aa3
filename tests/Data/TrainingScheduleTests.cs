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
            var used = from number in Enumerable.Range(epoch * schedule.BatchesPerEpoch, schedule.BatchesPerEpoch)
                       from shard in Enumerable.Range(0, shards)
                       from example in schedule.ExamplesOfBatch(number, shard)
                       select example;
            Assert.Equal(Enumerable.Range(0, examples), used.Order());
        }
    }

    [Fact]
    public void Batch_DividedIntoOtherShards_HasTheSameExamplesInTheSameOrder()
    {
        var whole = Schedule(100, 32, 1);
        var divided = Schedule(100, 32, 8);

        for (var batch = 0; batch < whole.BatchesPerEpoch; batch++)
            Assert.Equal(whole.ExamplesOfBatch(batch, 0), Enumerable.Range(0, 8).SelectMany(shard => divided.ExamplesOfBatch(batch, shard)));
    }

    [Fact]
    public void Epochs_FollowEachOtherInOtherOrders()
    {
        var schedule = Schedule(100, 100, 1, epochs: 2);

        Assert.NotEqual(schedule.ExamplesOfBatch(0, 0), schedule.ExamplesOfBatch(1, 0));
        // Back again: the order of an epoch does not depend on what was asked before.
        Assert.Equal(Schedule(100, 100, 1, epochs: 2).ExamplesOfBatch(0, 0), schedule.ExamplesOfBatch(0, 0));
    }

    [Fact]
    public void Counts_OfPartialBatches_AreRoundedUp()
    {
        var schedule = Schedule(100, 32, 4, epochs: 3);

        Assert.Equal(4, schedule.StepsPerEpoch);
        Assert.Equal(12, schedule.StepCount);
        Assert.Equal([32, 32, 32, 4, 32], Enumerable.Range(0, 5).Select(step => schedule.ExamplesOf(step)));
        Assert.Equal([0, 0, 0, 0, 1, 2, 2], new long[] { 0, 1, 2, 3, 4, 8, 11 }.Select(schedule.EpochOf));
        Assert.Equal((97, 1), schedule.SliceOfBatch(3, 1));
        Assert.Equal((97, 1), Assert.Single(schedule.SlicesOf(3, 1)));
    }

    [Theory]
    [InlineData(100, 16, 4, 4)] // Seven batches: a step of four and one of three, whose last batch is short.
    [InlineData(100, 16, 4, 7)]
    [InlineData(97, 8, 8, 5)]
    [InlineData(33, 32, 32, 2)] // The last batch has one example for 32 shards.
    [InlineData(5, 8, 4, 1)]
    [InlineData(96, 32, 2, 3)]
    public void Epoch_OfLocalSteps_HasEveryExampleOnce(int examples, int batch, int shards, int localSteps)
    {
        var schedule = Schedule(examples, batch, shards, epochs: 2, localSteps);
        Assert.Equal((schedule.BatchesPerEpoch + localSteps - 1) / localSteps, schedule.StepsPerEpoch);

        for (var epoch = 0; epoch < 2; epoch++)
        {
            var used = new List<int>();
            for (var step = epoch * schedule.StepsPerEpoch; step < (epoch + 1) * schedule.StepsPerEpoch; step++)
            {
                Assert.Equal(epoch, schedule.EpochOf(step));
                var before = used.Count;
                for (var shard = 0; shard < shards; shard++)
                {
                    var slices = schedule.SlicesOf(step, shard);
                    Assert.InRange(slices.Count, 1, localSteps);
                    foreach (var (slice, index) in slices.Select((slice, index) => (slice, index)))
                    {
                        var batchNumber = schedule.FirstBatchOf(step) + index;
                        Assert.Equal(epoch, schedule.EpochOfBatch(batchNumber));
                        Assert.Equal(slice, schedule.SliceOfBatch(batchNumber, shard));
                        used.AddRange(schedule.ExamplesOfBatch(batchNumber, shard));
                    }
                }
                Assert.Equal(schedule.ExamplesOf(step), used.Count - before);
            }
            Assert.Equal(Enumerable.Range(0, examples), used.Order());
        }
    }

    [Fact]
    public void Steps_OfLocalSteps_EndWithTheirEpoch()
    {
        var schedule = Schedule(100, 16, 4, epochs: 3, localSteps: 4);

        Assert.Equal((7, 21), (schedule.BatchesPerEpoch, schedule.BatchCount));
        Assert.Equal((2, 6), (schedule.StepsPerEpoch, schedule.StepCount));
        Assert.Equal([0, 4, 7, 11, 14, 18, 21], Enumerable.Range(0, 7).Select(step => schedule.FirstBatchOf(step)));
        Assert.Equal([4, 3, 4, 3, 4, 3], Enumerable.Range(0, 6).Select(step => schedule.BatchesOf(step)));
        Assert.Equal([64, 36, 64, 36, 64, 36], Enumerable.Range(0, 6).Select(step => schedule.ExamplesOf(step)));
        // Three batches, of which the last has four examples.
        Assert.Equal([(68, 4), (84, 4), (97, 1)], schedule.SlicesOf(1, 1));
    }

    [Fact]
    public void Steps_WithoutLocalSteps_AreBatches()
    {
        var schedule = Schedule(100, 32, 4, epochs: 2);

        Assert.Equal((schedule.BatchesPerEpoch, schedule.BatchCount), (schedule.StepsPerEpoch, schedule.StepCount));
        Assert.All(Enumerable.Range(0, 9), step => Assert.Equal(step, schedule.FirstBatchOf(step)));
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

    private static TrainingSchedule Schedule(int examples, int batch, int shards, int epochs = 1, int localSteps = 1) => new(
        ASpec.With($"training.batch={Math.Max(batch, shards)}", $"training.shards={shards}", $"training.epochs={epochs}", $"training.localSteps={localSteps}"),
        ASpec.Data(examples));
}
