using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Parameters.Compression;

/// <summary>
/// Payloads of every format: the part's buffers as float32, then its gradients as the format's encoding has them. Payloads of one format,
/// part and number of shards have the same length.
/// </summary>
internal static class GradientPayload
{
    private static readonly BFloat16Encoding BFloat16 = new();
    private static readonly Float16Encoding Float16 = new();
    private static readonly Int8Encoding Int8 = new();

    /// <summary>The encoding of a format; float32, which is none, has no class.</summary>
    public static IGradientEncoding EncodingOf(GradientEncoding encoding) => encoding switch
    {
        GradientEncoding.BFloat16 => BFloat16,
        GradientEncoding.Float16 => Float16,
        GradientEncoding.Integer8 => Int8,
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "Gradients in this encoding are no bytes to be encoded."),
    };

    /// <summary>Bytes of a payload that is not float32.</summary>
    public static long LengthOf(PayloadFormat format, int shardCount) =>
        ((long)sizeof(float) * format.Buffers) + EncodingOf(format.Encoding).LengthOf(format.Gradients, shardCount);

    /// <summary>The format in words.</summary>
    public static string Describe(PayloadFormat format)
    {
        var name = format.Encoding switch
        {
            GradientEncoding.BFloat16 => "bf16",
            GradientEncoding.Float16 => "fp16",
            GradientEncoding.Integer8 => "int8",
            _ => "float32",
        };
        return format.Encoding == GradientEncoding.Plain ? name : $"{format.Gradients} values as {name} and {format.Buffers} as float32";
    }

    /// <summary>The buffers in a payload that is not float32.</summary>
    public static Span<float> BuffersOf(PayloadFormat format, PartBuffer payload) =>
        MemoryMarshal.Cast<byte, float>(payload.Bytes[..(sizeof(float) * format.Buffers)]);

    /// <summary>The encoded gradients in a payload that is not float32.</summary>
    public static Span<byte> GradientsOf(PayloadFormat format, PartBuffer payload) => payload.Bytes[(sizeof(float) * format.Buffers)..];

    /// <summary>The payload of two siblings' sum, in place of theirs: the caller owns it, and their references are gone.</summary>
    public static PartBuffer Add(GradientBlock lower, GradientBlock upper)
    {
        var isFloat = lower.Format.Encoding == GradientEncoding.Plain;
        var length = isFloat ? lower.Payload.Length : (int)LengthOf(lower.Format, 2 * lower.ShardCount);
        // Where nobody else reads the lower half any more, the sum takes its place.
        var isReplaced = lower.Payload.IsExclusive && length == lower.Payload.Length;
        var sum = isReplaced ? lower.Payload : PartBuffer.Rent(length);
        if (isFloat)
            TensorPrimitives.Add(lower.Payload.Values, upper.Payload.Values, sum.Values);
        else
            AddEncoded(lower, upper, sum);
        if (!isReplaced)
            lower.Payload.Release();
        upper.Payload.Release();
        return sum;
    }

    private static void AddEncoded(GradientBlock lower, GradientBlock upper, PartBuffer sum)
    {
        var format = lower.Format;
        TensorPrimitives.Add(BuffersOf(format, lower.Payload), BuffersOf(format, upper.Payload), BuffersOf(format, sum));
        EncodingOf(format.Encoding).Add(
            format.Gradients,
            lower.ShardCount,
            GradientsOf(format, lower.Payload),
            GradientsOf(format, upper.Payload),
            GradientsOf(format, sum));
    }
}
