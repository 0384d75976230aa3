using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Store;

namespace VaeCluster.Benchmarks.Workloads;

/// <summary>
/// The way of a step through the parameter server: two gradients are pushed, added, applied by Adam, and the weights are published.
/// </summary>
internal sealed class ParameterServerPath : IWorkload
{
    public const string Name = "server";

    private const int Shards = 2;

    private readonly ParameterStore _store;
    private readonly PartBuffer[][] _gradients;

    /// <summary>A store, and a gradient for each shard.</summary>
    public ParameterServerPath()
    {
        var spec = BenchmarkSpec.Create($"training.shards={Shards}", "training.batch=256", "ledger.hash=checkpoints");
        var layout = ModelLayout.Of(spec, BenchmarkSpec.Data);
        _store = new ParameterStore(spec, BenchmarkSpec.Data, layout, new float[layout.Length]);
        using var weights = _store.AcquireWeights();
        _gradients = [.. Enumerable.Range(0, Shards).Select(shard => weights.Parts.Select(part => Gradient(shard, part.Length)).ToArray())];
    }

    /// <summary>
    /// Bytes that no implementation can do without: it reads two gradients, and reads and writes the weights and both moments of Adam.
    /// </summary>
    public double CountPerTurn => MovedPerValue * _store.Layout.Length;

    /// <summary>The same for one value of the vector, in bytes.</summary>
    public static double MovedPerValue => (Shards + (2 * 3)) * sizeof(float);

    /// <inheritdoc/>
    public void Turn()
    {
        var step = _store.Step;
        for (var shard = 0; shard < Shards; shard++)
        {
            for (var part = 0; part < _gradients[shard].Length; part++)
                Push(step, shard, part);
        }
        if (_store.TryApplyStep().Record is null)
            throw new InvalidOperationException($"The step {step} was not applied though every shard was pushed.");
    }

    private void Push(long step, int shard, int part)
    {
        var answer = _store.Offer(new GradientBlock
        {
            Step = step,
            FirstShard = shard,
            ShardCount = 1,
            Part = part,
            Losses = new LossSums(128, 1, 1),
            // The next turn pushes it again.
            Payload = _gradients[shard][part].Retain(),
            Contributors = [new(shard, 1, "bench/cpu:0")],
        });
        if (answer.Outcome != PushOutcome.Accepted)
            throw new InvalidOperationException($"The part {part} of shard {shard} was not accepted: {answer.Outcome}. {answer.Message}");
    }

    private static PartBuffer Gradient(int shard, int bytes)
    {
        var random = new Random(shard);
        var gradient = PartBuffer.Rent(bytes);
        foreach (ref var value in gradient.Values)
            value = random.NextSingle() - 0.5f;
        return gradient;
    }
}
