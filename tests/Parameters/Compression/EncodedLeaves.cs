using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CsCheck;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Compression;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Parameters.Compression;

/// <summary>A run that compresses, and gradients of its shards.</summary>
internal sealed class EncodedLeaves
{
    /// <summary>Magnitudes far apart, zeros of both signs, and subnormal numbers.</summary>
    public static readonly Gen<float> Value = Gen.Frequency(
        (8, Gen.Select(Gen.Float[-1, 1], Gen.Int[-6, 4], (value, exponent) => value * MathF.Pow(10, exponent))),
        (1, Gen.OneOf(Gen.Const(0f), Gen.Const(-0f))),
        (1, Gen.Float[-1e-39f, 1e-39f]));

    public static readonly Gen<CompressionKind> Kind = Gen.OneOf(Gen.Const(CompressionKind.Bf16), Gen.Const(CompressionKind.Fp16), Gen.Const(CompressionKind.Integer8));

    public EncodedLeaves(CompressionKind kind, int shards, int gradients, int buffers = 0, long seed = 1)
    {
        Layout = new ParameterLayout(buffers == 0 ? [("weight", [gradients], false)] : [("weight", [gradients], false), ("running_mean", [buffers], true)]);
        Spec = ASpec.With([$"training.compression={SpecNames.Of(kind)}", $"training.shards={shards}", "training.batch=4096", $"seed={seed}"]);
        Compression = new GradientCompression(Spec, Layout);
    }

    public RunSpec Spec { get; }

    public ParameterLayout Layout { get; }

    public GradientCompression Compression { get; }

    /// <summary>Scales as a step leaves them whose sum had these values, in every part alike.</summary>
    public ImmutableArray<float> ScalesFor(params float[] sum)
    {
        var values = new float[Layout.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = sum[i % sum.Length];
        return Compression.Scales.Next(0, PartBuffer.Wrap(MemoryMarshal.AsBytes(values.AsSpan()).ToArray()), []);
    }

    /// <summary>The gradient of a shard as it travels.</summary>
    public GradientBlock Encode(float[] values, ImmutableArray<float> scales, int shard = 0, long step = 1) => Compression.Encode(
        new GradientBlock
        {
            Step = step,
            FirstShard = shard,
            ShardCount = 1,
            Part = 0,
            Losses = new LossSums(1, shard, 0),
            Payload = PartBuffer.Wrap(MemoryMarshal.AsBytes(values.AsSpan()).ToArray()),
        },
        scales);

    public float[] Decode(GradientBlock block, ImmutableArray<float> scales) => Compression.Decode(block, scales).Values.ToArray();
}
