using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VaeCluster.Data.Arrays;

/// <summary>Reads the values of arrays: bytes and truth values, single and double precision, and whole numbers where they are labels.</summary>
internal static class NpyValues
{
    private const int BlockBytes = 1 << 16;

    /// <summary>Whether values of a type can be pixels.</summary>
    public static bool IsPixelType(string type) => type is "|u1" or "<u1" or "|b1" || IsFloat(type);

    /// <summary>Whether they are floating-point numbers.</summary>
    public static bool IsFloat(string type) => type is "<f4" or "<f8" or ">f4" or ">f8";

    /// <summary>Whether they are whole numbers.</summary>
    public static bool IsWhole(string type) => type.Length == 3 && type[1] is 'u' or 'i' && type[2] is '1' or '2' or '4' or '8';

    /// <summary>Bytes of a value of a type that is read.</summary>
    public static int BytesOf(string type) => type[^1] - '0' is var bytes and >= 1 and <= 8 ? bytes : 1;

    /// <summary>What a file of fewer values than its header says is called.</summary>
    public static InvalidDataException TooShort(NpyHeader header, long bytes) => new(
        $"holds {bytes} bytes of values, and its header announces {header.Count * BytesOf(header.Type)} ({header.ShapeText} of {header.Type})");

    /// <summary>All values of an array of bytes.</summary>
    /// <exception cref="InvalidDataException">There are fewer or more than the header says.</exception>
    public static byte[] ReadBytes(Stream stream, NpyHeader header)
    {
        var values = new byte[(long)header.Count];
        Expect(header, stream.ReadAtLeast(values, values.Length, throwOnEndOfStream: false), 1);
        ExpectEnd(stream, header);
        return values;
    }

    /// <summary>All values of an array of numbers with a fraction, in single precision.</summary>
    public static float[] ReadFloats(Stream stream, NpyHeader header)
    {
        var values = new float[(long)header.Count];
        var i = 0;
        ReadEach(stream, header, bytes => values[i++] = (float)ToDouble(header.Type, bytes));
        return values;
    }

    /// <summary>All values of an array of whole numbers.</summary>
    public static long[] ReadWhole(Stream stream, NpyHeader header)
    {
        var values = new long[(long)header.Count];
        var i = 0;
        ReadEach(stream, header, bytes => values[i++] = ToLong(header.Type, bytes));
        return values;
    }

    private delegate void Take(ReadOnlySpan<byte> value);

    private static void ReadEach(Stream stream, NpyHeader header, Take take)
    {
        var size = header.Type[2] - '0';
        var (left, done) = ((long)header.Count, 0L);
        var block = new byte[BlockBytes];
        while (left > 0)
        {
            var wanted = (int)Math.Min(block.Length / size, left) * size;
            var read = stream.ReadAtLeast(block.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
            for (var i = 0; i + size <= read; i += size)
                take(block.AsSpan(i, size));
            done += read;
            if (read < wanted)
                Expect(header, done, size);
            left -= wanted / size;
        }
        ExpectEnd(stream, header);
    }

    private static double ToDouble(string type, ReadOnlySpan<byte> value) => type switch
    {
        "<f4" => BinaryPrimitives.ReadSingleLittleEndian(value),
        ">f4" => BinaryPrimitives.ReadSingleBigEndian(value),
        "<f8" => BinaryPrimitives.ReadDoubleLittleEndian(value),
        _ => BinaryPrimitives.ReadDoubleBigEndian(value),
    };

    private static long ToLong(string type, ReadOnlySpan<byte> value)
    {
        Span<byte> little = stackalloc byte[8];
        value.CopyTo(little);
        if (type[0] == '>')
            little[..value.Length].Reverse();
        if (type[1] == 'i' && (little[value.Length - 1] & 0x80) != 0)
            little[value.Length..].Fill(0xFF);
        return MemoryMarshal.Read<long>(little);
    }

    private static void Expect(NpyHeader header, long bytes, int size)
    {
        if (bytes < header.Count * size)
            throw TooShort(header, bytes);
    }

    private static void ExpectEnd(Stream stream, NpyHeader header)
    {
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException($"continues after the values that its header announces ({header.ShapeText} of {header.Type})");
    }
}
