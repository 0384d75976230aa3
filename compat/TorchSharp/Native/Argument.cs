using System.Text;

namespace TorchSharp.Native;

/// <summary>
/// One argument of an operator: a value, a tensor or a list. The implicit conversions let a call read like the
/// operator's schema, e.g. <c>Aten.Narrow.Call(this, dim, start, length)</c>. A null becomes "none".
/// </summary>
internal readonly struct Argument
{
    private readonly ArgumentTag _tag;
    private readonly long _value;

    /// <summary>The tensor or list behind the words; held so that nothing in it is finalized during the call.</summary>
    private readonly object? _reference;

    private Argument(ArgumentTag tag, long value) => (_tag, _value) = (tag, value);

    private Argument(ArgumentTag tag, object reference) => (_tag, _reference) = (tag, reference);

    internal object? Reference => _reference;

    /// <summary>Where a schema tells tensors that may be missing from tensors that may not, as the index operators do.</summary>
    internal static Argument OptionalTensors(torch.Tensor?[] tensors) => new(ArgumentTag.OptionalTensorList, tensors);

    public static implicit operator Argument(torch.Tensor? tensor) => tensor is null ? default : new(ArgumentTag.Tensor, tensor);

    public static implicit operator Argument(torch.Tensor[] tensors) => new(ArgumentTag.TensorList, tensors);

    public static implicit operator Argument(long value) => new(ArgumentTag.Int, value);

    public static implicit operator Argument(long? value) => value is { } some ? some : default(Argument);

    public static implicit operator Argument(double value) => new(ArgumentTag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(double? value) => value is { } some ? some : default(Argument);

    public static implicit operator Argument(bool value) => new(ArgumentTag.Bool, value ? 1 : 0);

    public static implicit operator Argument(bool? value) => value is { } some ? some : default(Argument);

    public static implicit operator Argument(torch.ScalarType type) => (long)type;

    public static implicit operator Argument(torch.ScalarType? type) => type is { } some ? (long)some : default(Argument);

    public static implicit operator Argument(long[]? values) => values is null ? default : new(ArgumentTag.IntList, values);

    public static implicit operator Argument(double[]? values) => values is null ? default : new(ArgumentTag.DoubleList, values);

    public static implicit operator Argument(ReadOnlySpan<long> values) => values.ToArray();

    public static implicit operator Argument(string? text) => text is null ? default : new(ArgumentTag.String, text);

    public static implicit operator Argument(torch.Device? device) => device is null ? default : new(ArgumentTag.Device, device);

    public static implicit operator Argument(torch.Generator? generator) =>
        generator is null ? default : new(ArgumentTag.Generator, generator);

    public static implicit operator Argument(Scalar? scalar) => scalar is null ? default : scalar.Type switch
    {
        torch.ScalarType.Float64 => new(ArgumentTag.Double, scalar.Bits),
        torch.ScalarType.Bool => new(ArgumentTag.Bool, scalar.Bits),
        _ => new(ArgumentTag.Int, scalar.Bits),
    };

    /// <summary>How many words <see cref="Write"/> writes.</summary>
    internal int WordCount => _tag switch
    {
        ArgumentTag.None => 1,
        ArgumentTag.Device => 3,
        ArgumentTag.String => 2 + ((Encoding.UTF8.GetByteCount((string)_reference!) + sizeof(long) - 1) / sizeof(long)),
        ArgumentTag.IntList or ArgumentTag.DoubleList or ArgumentTag.TensorList or ArgumentTag.OptionalTensorList => 2 + ((Array)_reference!).Length,
        _ => 2,
    };

    /// <summary>Writes the tag and its words, and returns what is left of <paramref name="words"/>.</summary>
    internal Span<long> Write(Span<long> words)
    {
        words[0] = (long)_tag;
        var payload = words[1..];
        switch (_tag)
        {
            case ArgumentTag.None: break;
            case ArgumentTag.Tensor: payload[0] = ((torch.Tensor)_reference!).Handle; break;
            case ArgumentTag.Generator: payload[0] = ((torch.Generator)_reference!).Handle; break;
            case ArgumentTag.Device: WriteDevice(payload, (torch.Device)_reference!); break;
            case ArgumentTag.String: WriteText(payload, (string)_reference!); break;
            case ArgumentTag.IntList: WriteList(payload, (long[])_reference!); break;
            case ArgumentTag.DoubleList: WriteList(payload, System.Runtime.InteropServices.MemoryMarshal.Cast<double, long>((double[])_reference!)); break;
            case ArgumentTag.TensorList: case ArgumentTag.OptionalTensorList: WriteTensors(payload, (torch.Tensor?[])_reference!); break;
            default: payload[0] = _value; break;
        }
        return words[WordCount..];
    }

    private static void WriteDevice(Span<long> payload, torch.Device device)
    {
        payload[0] = (long)device.type;
        payload[1] = device.index;
    }

    private static void WriteText(Span<long> payload, string text)
    {
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(payload[1..]);
        payload[0] = Encoding.UTF8.GetBytes(text, bytes);
    }

    private static void WriteList(Span<long> payload, ReadOnlySpan<long> values)
    {
        payload[0] = values.Length;
        values.CopyTo(payload[1..]);
    }

    private void WriteTensors(Span<long> payload, torch.Tensor?[] tensors)
    {
        payload[0] = tensors.Length;
        for (var i = 0; i < tensors.Length; i++)
        {
            if (tensors[i] is null && _tag == ArgumentTag.TensorList)
                throw new ArgumentNullException(nameof(tensors), $"Tensor {i} of {tensors.Length} is null; every tensor of the list has to be given.");
            payload[1 + i] = tensors[i]?.Handle ?? 0;
        }
    }
}
