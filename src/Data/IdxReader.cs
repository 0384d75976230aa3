using System.Buffers.Binary;
using System.IO.Compression;

namespace VaeCluster.Data;

/// <summary>
/// Reads one IDX file, gzipped or not. The format: two zero bytes, a type byte (8 is unsigned bytes), the number of dimensions, each dimension as a big-endian
/// 32-bit integer, then the values (LeCun, Cortes and Burges 1998).
/// </summary>
/// <param name="path">The file.</param>
/// <param name="access">What it may use.</param>
internal sealed class IdxReader(string path, DataAccess access)
{
    private const byte UnsignedBytes = 8;
    private const int DimensionsMax = 4;
    private const int SideMax = 65_536;
    private const long PixelBytesMax = int.MaxValue - 64;

    /// <summary>The dimensions and the values.</summary>
    /// <exception cref="DataException">It is not such a file, or does not fit in memory.</exception>
    public (int[] Shape, byte[] Values) Read()
    {
        try
        {
            using var file = access.OpenFile(path);
            using var stream = IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : file;
            return Read(stream, file.Length, isGzip: stream != file);
        }
        catch (EndOfStreamException e)
        {
            throw Bad("ends in the middle of its header", "Fetch the file again; it was cut short.", e);
        }
        catch (InvalidDataException e)
        {
            throw Bad($"cannot be unzipped ({e.Message.TrimEnd('.')})", "Fetch the file again; it is damaged.", e);
        }
        catch (IOException e)
        {
            throw new DataException("data.path", $"{path} cannot be read: {e.Message}", "Check that the silo may read it.", e);
        }
    }

    /// <summary>Whether a file starts as such a file does, gzipped or not.</summary>
    public bool IsIdx()
    {
        using var file = access.OpenFile(path);
        return IsGzip(file) || (file.ReadByte() == 0 && file.ReadByte() == 0);
    }

    private (int[] Shape, byte[] Values) Read(Stream stream, long fileBytes, bool isGzip)
    {
        Span<byte> magic = stackalloc byte[4];
        stream.ReadExactly(magic);
        if (magic[0] != 0 || magic[1] != 0)
            throw Bad("does not start with two zero bytes, as an IDX file does", "Point data.path at an IDX file such as train-images-idx3-ubyte.");
        if (magic[2] != UnsignedBytes)
            throw Bad($"holds values {NameOf(magic[2])}; only unsigned bytes (0x08) are images", "Convert the values to unsigned bytes.");
        var shape = ReadShape(stream, magic[3]);
        // Wide enough for four dimensions at their largest.
        var length = shape.Aggregate((Int128)1, (product, size) => product * size);
        if (length > PixelBytesMax)
            throw Bad($"announces {length} bytes ({string.Join('x', shape)}); at most {PixelBytesMax} fit in memory here", "Split the file.");
        if (isGzip)
            Expansion.Check(path, (long)length, fileBytes);
        access.Reserve("data.path", $"{path} ({string.Join('x', shape)})", length, 1);
        return (shape, ReadValues(stream, shape, (int)length, isGzip ? long.MaxValue : fileBytes));
    }

    /// <summary>The types of the format, so that a file of another is named and a file of none is not quoted.</summary>
    private static string NameOf(byte type) => type switch
    {
        0x09 => "of signed bytes (0x09)",
        0x0B => "of 16-bit integers (0x0B)",
        0x0C => "of 32-bit integers (0x0C)",
        0x0D => "in single precision (0x0D)",
        0x0E => "in double precision (0x0E)",
        _ => "of no type that the format has",
    };

    private int[] ReadShape(Stream stream, int dimensions)
    {
        if (dimensions is 0 or > DimensionsMax)
            throw Bad($"announces {dimensions} dimensions; images have 3 or 4, labels 1", "Fetch the file again; its header is damaged.");
        Span<byte> size = stackalloc byte[4];
        var shape = new int[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            stream.ReadExactly(size);
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(size);
            if (shape[i] <= 0 || (i > 0 && shape[i] > SideMax))
                throw Bad($"announces a size of {shape[i]} for dimension {i}", "Fetch the file again; its header is damaged.");
        }
        return shape;
    }

    private byte[] ReadValues(Stream stream, int[] shape, int length, long bytesMax)
    {
        // A damaged header must not reserve memory for values that the file cannot have.
        var values = new byte[Math.Min(length, bytesMax)];
        var read = stream.ReadAtLeast(values, values.Length, throwOnEndOfStream: false);
        // What a plain file lacks is its header's length at most, so the count is right there too.
        if (read < length)
            throw Bad($"holds {read} bytes of values, and its header announces {length} ({string.Join('x', shape)})",
                "Fetch the file again; it was cut short.");
        return stream.ReadByte() < 0
            ? values
            : throw Bad($"continues after the {length} bytes that its header announces ({string.Join('x', shape)})",
                "Fetch the file again; header and contents disagree.");
    }

    private static bool IsGzip(Stream file)
    {
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip;
    }

    private DataException Bad(string problem, string fix, Exception? inner = null) => new("data.path", $"{path} {problem}.", fix, inner);
}
