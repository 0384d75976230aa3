using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Tests.Parameters.Store;

public sealed class ConcurrencyTests
{
    private const int Shards = 8;
    private const int Threads = 4;

    /// <summary>Every thread offers every shard of every part, in an order of its own, and tries to apply: the bits are those of one thread.</summary>
    [Fact]
    public void Offer_FromManyThreads_GivesTheBitsOfOne()
    {
        var layout = StoreUnderTest.Layout(3_001);
        var expected = new StoreUnderTest(layout, Shards, "optimizer.clipNorm=1");
        for (var step = 0; step < expected.Store.StepCount; step++)
        {
            for (var shard = 0; shard < Shards; shard++)
                expected.Store.Offer(expected.Leaf(step, shard));
            expected.Store.TryApplyStep();
        }

        for (var round = 0; round < 20; round++)
        {
            var test = new StoreUnderTest(layout, Shards, "optimizer.clipNorm=1");
            var applied = 0;
            Parallel.ForEach(Enumerable.Range(0, Threads), new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
            {
                for (long step; (step = test.Store.Step) < test.Store.StepCount;)
                    Interlocked.Add(ref applied, OfferAll(test, step, thread));
            });

            Assert.Equal(test.Store.StepCount, applied);
            Assert.Equal(expected.Weights, test.Weights);
        }
    }

    [Fact]
    public async Task Weights_WhileStepsAreApplied_BelongToTheirStep()
    {
        // One parameter whose weight counts the steps.
        var test = new StoreUnderTest(StoreUnderTest.Layout(1), 1, "optimizer.kind=sgd", "optimizer.learningRate=1", "training.epochs=5000");
        var reader = Task.Factory.StartNew(
            () =>
            {
                while (!test.Store.IsFinished)
                {
                    using var weights = test.Store.AcquireWeights();
                    Assert.Equal(-weights.Step, weights.Parts[0].Values[0]);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        for (var step = 0; step < test.Store.StepCount; step++)
            test.Apply(test.Part(StoreUnderTest.Batch));

        await reader.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static int OfferAll(StoreUnderTest test, long step, int thread)
    {
        var applied = 0;
        for (var i = 0; i < Shards; i++)
        {
            var outcome = test.Store.Offer(test.Leaf(step, (i + (3 * thread)) % Shards)).Outcome;
            Assert.True(outcome is PushOutcome.Accepted or PushOutcome.Duplicate or PushOutcome.OtherStep, $"The outcome is {outcome}.");
            applied += test.Store.TryApplyStep().Record is null ? 0 : 1;
        }
        return applied;
    }
}
