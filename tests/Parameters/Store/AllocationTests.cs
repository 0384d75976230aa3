using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Tests.Parameters.Store;

/// <summary>A step needs the memory of the step before, and no more.</summary>
public sealed class AllocationTests
{
    private const int Shards = 2;
    private const int Steps = 50;

    /// <summary>Two parts; a payload of a step is 1.6 MB.</summary>
    private const int Parameters = 400_000;

    [Fact]
    public void Step_InTheLongRun_AllocatesNoPayload()
    {
        var test = new StoreUnderTest(StoreUnderTest.Layout(Parameters), Shards, "training.epochs=1000");
        for (var step = 0; step < 10; step++)
            Step(test);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < Steps; step++)
            Step(test);
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / Steps;

        Assert.InRange(allocated, 0, Parameters * sizeof(float) / 50);
    }

    /// <summary>What trainers push is rented too, and read once more by somebody else, as a standby does.</summary>
    private static void Step(StoreUnderTest test)
    {
        using var weights = test.Store.AcquireWeights();
        for (var shard = 0; shard < Shards; shard++)
        {
            for (var part = 0; part < test.Store.Layout.PartCount; part++)
            {
                var payload = PartBuffer.Rent(sizeof(float) * test.Store.Layout.PartAt(part).Length);
                payload.Values.Fill(shard + 1);
                var reader = payload.Retain();
                var answer = test.Store.Offer(new GradientBlock
                {
                    Step = weights.Step,
                    FirstShard = shard,
                    ShardCount = 1,
                    Part = part,
                    Losses = new(StoreUnderTest.Batch / Shards, 1, 1),
                    Payload = payload,
                });
                Assert.Equal(PushOutcome.Accepted, answer.Outcome);
                reader.Release();
            }
        }
        Assert.NotNull(test.Store.TryApplyStep().Record);
    }
}
