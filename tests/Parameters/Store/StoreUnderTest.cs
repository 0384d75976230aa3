using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Store;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Parameters.Store;

/// <summary>A parameter store over made-up gradients: 16 examples an epoch in batches of 8, which makes two steps an epoch.</summary>
internal sealed class StoreUnderTest
{
    public const int Batch = 8;
    private static readonly DataDescription Data = ASpec.Data(train: 16);

    public StoreUnderTest(ParameterLayout layout, int shards, params string[] settings)
    {
        Spec = ASpec.With([$"training.batch={Batch}", $"training.shards={shards}", "training.epochs=5", .. settings]);
        Initial = new float[layout.Length];
        for (var i = 0; i < Initial.Length; i++)
            Initial[i] = MathF.Sin(i);
        // Time stands still, so that records of equal steps are equal.
        Store = new ParameterStore(Spec, Data, layout, Initial, new FakeTimeProvider());
    }

    public RunSpec Spec { get; }

    public float[] Initial { get; }

    public ParameterStore Store { get; }

    public int Shards => Spec.Training.Shards;

    public float[] Weights
    {
        get
        {
            using var weights = Store.AcquireWeights();
            return [.. weights.Parts.SelectMany(part => part.Values.ToArray())];
        }
    }

    public string Hash
    {
        get
        {
            using var weights = Store.AcquireWeights();
            return weights.ToSha256();
        }
    }

    public static ParameterLayout Layout(int parameters, int buffers = 0) => new(buffers == 0
        ? [("weight", [parameters], false)]
        : [("weight", [parameters], false), ("running_mean", [buffers], true)]);

    /// <summary>A block of shards, its part of the gradient filled with one value.</summary>
    public GradientBlock Part(float value, int first = 0, int? count = null, int part = 0, long? step = null, double reconstruction = 1, double kl = 1)
    {
        var values = new float[Store.Layout.PartAt(part).Length];
        values.AsSpan().Fill(value);
        return Part(values, first, count ?? Shards, part, step ?? Store.Step, new LossSums(Batch * (count ?? Shards) / Shards, reconstruction, kl));
    }

    public static GradientBlock Part(float[] values, int first, int count, int part, long step, LossSums losses) => new()
    {
        Step = step,
        FirstShard = first,
        ShardCount = count,
        Part = part,
        Losses = losses,
        Payload = PartBuffer.Wrap(MemoryMarshal.AsBytes(values.AsSpan()).ToArray()),
        Contributors = [new(first, count, "silo/cpu:0")],
    };

    /// <summary>A gradient of one shard at a step, a pure function of both, with magnitudes far apart.</summary>
    public GradientBlock Leaf(long step, int shard, int part = 0)
    {
        var random = new Random((int)(step * 1000) + shard);
        var values = new float[Store.Layout.PartAt(part).Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 3)));
        return Part(values, shard, 1, part, step, new LossSums(Batch / Shards, random.NextDouble(), random.NextDouble()));
    }

    /// <summary>Offers the whole step in one block, and applies it; once more where the store does not believe it.</summary>
    public StepRecord Apply(GradientBlock part) => Apply([part]);

    /// <summary>Offers the whole step in some blocks, and applies it; once more where the store does not believe it.</summary>
    public StepRecord Apply(params GradientBlock[] parts)
    {
        var result = Offer(parts);
        return (result.SuspectReason.Length > 0 ? Offer(parts) : result).Record ?? throw new InvalidOperationException("The step is not complete.");
    }

    private StepResult Offer(GradientBlock[] parts)
    {
        // The store takes a payload over, and the step may have to be offered again.
        foreach (var part in parts)
            Assert.Equal(new PushAnswer(PushOutcome.Accepted), Store.Offer(part with { Payload = PartBuffer.Wrap(part.Payload.Bytes.ToArray()) }));
        return Store.TryApplyStep();
    }
}
