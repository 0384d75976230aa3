using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Compression;

/// <summary>
/// How a run's gradients travel: encodes the gradient of a shard, and decodes the sum over all. Both are pure functions of the training
/// state and the shard, so that it does not matter who computes what. Instances keep nothing of a step and are safe to use from many
/// threads.
/// </summary>
public sealed class GradientCompression
{
    private readonly long _seed;
    private readonly int _shards;
    private readonly ParameterLayout _layout;
    private readonly GradientEncoding _encoding;

    /// <summary>The compression that a spec asks for.</summary>
    /// <param name="spec">The complete spec.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    public GradientCompression(RunSpec spec, ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(layout);
        _seed = spec.Seed;
        _shards = spec.Training.Shards;
        _layout = layout;
        _encoding = EncodingOf(spec.Training.Compression);
        var needsScales = _encoding != GradientEncoding.Plain && GradientPayload.EncodingOf(_encoding).NeedsScales;
        Scales = new GradientScales(layout, _shards, needsScales);
    }

    /// <summary>The scales that gradients are encoded on, from step to step.</summary>
    public GradientScales Scales { get; }

    /// <summary>How the gradients of a part travel at a step.</summary>
    /// <param name="part">The part.</param>
    /// <param name="scales">Its scales, which belong to the step; default or empty where there are none.</param>
    public PayloadFormat FormatOf(int part, ImmutableArray<float> scales)
    {
        if (_encoding == GradientEncoding.Plain || (Scales.AreNeeded && !new ScaleBlocks(scales.AsSpan()).AreKnown))
            return default;
        var gradients = Scales.GradientsIn(part);
        var format = new PayloadFormat(_encoding, gradients, _layout.PartAt(part).Length - gradients);
        // A part of a few gradients and many buffers may take more than as float32.
        return GradientPayload.LengthOf(format, _shards) < LengthOf(part) ? format : default;
    }

    /// <summary>Bytes that a block of a part has.</summary>
    public long LengthOf(int part, PayloadFormat format, int shardCount) =>
        format.Encoding == GradientEncoding.Plain ? LengthOf(part) : GradientPayload.LengthOf(format, shardCount);

    /// <summary>The gradient of one shard as it travels, in place of the float32 one, whose payload it takes over.</summary>
    /// <param name="leaf">The gradient as float32.</param>
    /// <param name="scales">The scales of its part.</param>
    public GradientBlock Encode(GradientBlock leaf, ImmutableArray<float> scales)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentOutOfRangeException.ThrowIfNotEqual(leaf.ShardCount, 1);
        var format = FormatOf(leaf.Part, scales);
        if (format.Encoding == GradientEncoding.Plain)
            return leaf;
        var payload = PartBuffer.Rent((int)GradientPayload.LengthOf(format, 1));
        ReadOnlySpan<float> values = leaf.Payload.Values;
        values[format.Gradients..].CopyTo(GradientPayload.BuffersOf(format, payload));
        var noise = new RoundingNoise(_seed, leaf.Step, leaf.FirstShard, _layout.PartAt(leaf.Part).Start);
        GradientPayload.EncodingOf(format.Encoding)
            .Encode(values[..format.Gradients], new ScaleBlocks(scales.AsSpan()), noise, GradientPayload.GradientsOf(format, payload));
        leaf.Payload.Release();
        return leaf with { Format = format, Payload = payload };
    }

    /// <summary>The sum over all shards as float32. The caller owns the reference; that of the block stays.</summary>
    /// <param name="root">The sum.</param>
    /// <param name="scales">The scales of its part, of the step that it belongs to.</param>
    public PartBuffer Decode(GradientBlock root, ImmutableArray<float> scales)
    {
        ArgumentNullException.ThrowIfNull(root);
        var format = root.Format;
        if (format.Encoding == GradientEncoding.Plain)
            return root.Payload.Retain();
        var decoded = PartBuffer.Rent((int)LengthOf(root.Part));
        GradientPayload.EncodingOf(format.Encoding).Decode(
            GradientPayload.GradientsOf(format, root.Payload),
            root.ShardCount,
            new ScaleBlocks(scales.AsSpan()),
            decoded.Values[..format.Gradients]);
        GradientPayload.BuffersOf(format, root.Payload).CopyTo(decoded.Values[format.Gradients..]);
        return decoded;
    }

    /// <summary>Values of a block that were clamped in their shard.</summary>
    public static long ClampedOf(GradientBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        var isCounted = block.Format.Encoding == GradientEncoding.Integer8;
        return isCounted ? Int8Encoding.ClampedOf(GradientPayload.GradientsOf(block.Format, block.Payload)) : 0;
    }

    private long LengthOf(int part) => (long)sizeof(float) * _layout.PartAt(part).Length;

    private static GradientEncoding EncodingOf(CompressionKind kind) => kind switch
    {
        CompressionKind.Bf16 => GradientEncoding.BFloat16,
        CompressionKind.Fp16 => GradientEncoding.Float16,
        CompressionKind.Integer8 => GradientEncoding.Integer8,
        _ => GradientEncoding.Plain,
    };
}
