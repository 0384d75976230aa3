using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Store;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Training.Workers;

namespace VaeCluster.Tests.Training.Workers;

/// <summary>A run without grains: workers, each with its shards, and the parameter store that they push to.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private readonly TrainerWorker[] _workers;
    private readonly int[][] _shards;

    private LocalCluster(RunSpec spec, RunPlan plan, int[][] shards)
    {
        Spec = spec;
        Data = plan.Data;
        var layout = ModelLayout.Of(spec, plan.Data);
        Store = new ParameterStore(spec, plan.Data, layout, WeightInitializer.Initialize(layout, spec.Seed));
        _workers = [.. shards.Select((_, i) => new TrainerWorker($"cpu:{i}"))];
        _shards = shards;
    }

    public RunSpec Spec { get; }

    public DataDescription Data { get; }

    public ParameterStore Store { get; set; }

    public List<StepRecord> Records { get; } = [];

    public TrainerWorker First => _workers[0];

    /// <summary>SHA-256 of the weights as they are.</summary>
    public string Hash => Weights.ToSha256();

    /// <summary>The weights as they are; what is not disposed is collected.</summary>
    public WeightsSnapshot Weights => Store.AcquireWeights();

    /// <summary>Prepares one worker for each set of shards.</summary>
    public static async Task<LocalCluster> StartAsync(RunSpec spec, params int[][] shards)
    {
        var plan = PlanOf(spec);
        var cluster = new LocalCluster(spec, plan, shards);
        await Task.WhenAll(cluster._workers.Select(worker => worker.PrepareAsync(plan)));
        return cluster;
    }

    public static RunPlan PlanOf(RunSpec spec) => new()
    {
        RunId = "test",
        SpecJson = RunSpecReader.Write(spec),
        Data = DataSources.Open(spec.Data).Describe(spec.Data),
    };

    /// <summary>Trains until so many steps are applied, or to the end.</summary>
    public async Task TrainAsync(long untilStep = long.MaxValue)
    {
        while (Store.Step < Math.Min(untilStep, Store.StepCount))
        {
            using var weights = Store.AcquireWeights();
            await Task.WhenAll(_workers.Zip(_shards, (worker, shards) => PushAsync(worker, weights, shards)));
        }
    }

    /// <summary>Loss terms of the held-out examples, nats per example.</summary>
    public async Task<(double NegativeElbo, double Reconstruction, double Kl)> EvaluateAsync()
    {
        var sums = await First.EvaluateAsync(Weights, [.. Enumerable.Range(0, Spec.Training.Shards)], samples: 0);
        var total = sums.Select(shard => shard.Losses).Aggregate(new LossSums(0, 0, 0), (left, right) => left + right);
        Assert.Equal(Data.TestExamples, total.Examples);
        return ((total.Reconstruction + total.Kl) / total.Examples, total.Reconstruction / total.Examples, total.Kl / total.Examples);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
    }

    private async Task PushAsync(TrainerWorker worker, WeightsSnapshot weights, int[] shards)
    {
        foreach (var block in await worker.ComputeAsync(weights, shards))
        {
            var answer = Store.Offer(block with { Contributors = [new(block.FirstShard, block.ShardCount, "test/cpu:0")] });
            Assert.True(answer.Outcome is PushOutcome.Accepted, $"The push came back as {answer.Outcome}: {answer.Message}");
        }
        if (Store.TryApplyStep().Record is not { } record)
            return;
        lock (Records)
            Records.Add(record);
    }
}
