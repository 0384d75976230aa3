using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VaeCluster.Data.Arrays;

/// <summary>
/// The header of a .npy file, formats 1 to 3 (NumPy's NEP 1): the bytes 93 4E 55 4D 50 59, a version, the length of the header, and a Python
/// dictionary with the type, the order and the shape.
/// </summary>
/// <param name="Type">NumPy's name of the type, e.g. <c>&lt;f4</c>.</param>
/// <param name="IsFortran">Whether the first axis moves fastest.</param>
/// <param name="Shape">The lengths of the axes; none for a single value.</param>
internal sealed partial record NpyHeader(string Type, bool IsFortran, IReadOnlyList<long> Shape)
{
    /// <summary>More values than any file has; the product of many long axes would overflow.</summary>
    private static readonly Int128 CountMax = (Int128)1 << 62;

    /// <summary>Values of the whole array.</summary>
    public Int128 Count => Shape.Contains(0) ? 0 : Shape.Aggregate((Int128)1, (product, length) => Int128.Min(product * length, CountMax));

    /// <summary>The shape as people write it.</summary>
    public string ShapeText => Shape.Count == 0 ? "one value" : string.Join('x', Shape);

    /// <summary>Reads a header, and leaves the stream at the first value.</summary>
    /// <exception cref="InvalidDataException">It is none; the message is to be read after the file's name.</exception>
    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[8];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start[..6].SequenceEqual(Magic))
            throw new InvalidDataException("is not a NumPy array; such a file starts with the byte 93 and NUMPY");
        if (start[6] is < 1 or > 3)
            throw new InvalidDataException($"is of format {start[6]}.{start[7]}; formats 1 to 3 can be read");
        try
        {
            return Parse(ReadText(stream, start[6]));
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("ends in the middle of its header", e);
        }
    }

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static string ReadText(Stream stream, int version)
    {
        Span<byte> length = stackalloc byte[4];
        length.Clear();
        stream.ReadExactly(length[..(version == 1 ? 2 : 4)]);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (count > DataLimits.ArrayHeaderLengthMax)
            throw new InvalidDataException($"announces a header of {count} bytes; at most {DataLimits.ArrayHeaderLengthMax} are read, as by NumPy");
        var text = new byte[count];
        stream.ReadExactly(text);
        return Encoding.UTF8.GetString(text);
    }

    private static NpyHeader Parse(string text)
    {
        var (type, order, shape) = (TypePattern().Match(text), OrderPattern().Match(text), ShapePattern().Match(text));
        if (!type.Success || !order.Success || !shape.Success)
            throw new InvalidDataException("has a header without a plain type, order and shape");
        var lengths = shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(length => long.TryParse(length.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1).ToArray();
        if (Array.Exists(lengths, length => length < 0))
            throw new InvalidDataException("has a shape that is not a list of lengths");
        if (lengths.Length > DataLimits.ArrayAxesMax)
            throw new InvalidDataException($"has {lengths.Length} axes; at most {DataLimits.ArrayAxesMax} are read, as by NumPy");
        return new(type.Groups[1].Value, order.Groups[1].Value == "True", lengths);
    }

    /// <summary>A type as NumPy writes those of plain values: what else may stand there is not shown to anybody.</summary>
    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([<>|=]?[A-Za-z][0-9]{0,6})['"]""")]
    private static partial Regex TypePattern();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([^)]*)\)""")]
    private static partial Regex ShapePattern();
}
