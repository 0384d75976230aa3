using System.Buffers.Binary;
using System.IO.Compression;

namespace VaeCluster.Data;

/// <summary>
/// The IDX files of MNIST, Fashion-MNIST and EMNIST, gzipped or not. The format: two zero bytes, a type byte (8 is unsigned
/// bytes), the number of dimensions, each dimension as a big-endian 32-bit integer, then the values (LeCun, Cortes and Burges 1998).
/// </summary>
public static class IdxSource
{
    private const byte UnsignedBytes = 8;
    private const int DimensionsMax = 4;
    private const int SideMax = 65_536;
    private const long PixelBytesMax = int.MaxValue - 64;

    /// <summary>Reads a file of images, or the only pair of image and label files of one folder.</summary>
    /// <param name="path">
    /// An images file, or a folder that holds <c>train-images*</c> or <c>t10k-images*</c> files; where both are there, the train file.
    /// </param>
    /// <exception cref="DataException">Nothing usable is there.</exception>
    public static Dataset Read(string path)
    {
        var (shape, pixels, labels) = ReadImages(FindImages(path));
        return new Dataset(shape.Length == 3 ? 1 : shape[1], shape[^2], shape[^1], pixels, labels);
    }

    private static (int[] Shape, byte[] Pixels, byte[]? Labels) ReadImages(string images)
    {
        var (shape, pixels) = ReadFile(images);
        if (shape.Length is not (3 or 4))
            throw Bad(images, $"has {shape.Length} dimensions; images have 3 (count, height, width) or 4 (count, channels, height, width)",
                "Point data.path at the file with 'images' in its name.");
        if (shape.Length == 4 && shape[1] is not (1 or 3))
            throw Bad(images, $"holds images of {shape[1]} channels ({string.Join('x', shape)}); an image has 1 (grey) or 3 (RGB)",
                "Put the channels second: count, channels, height, width.");
        return (shape, pixels, ReadLabels(images, shape[0]));
    }

    /// <summary>Reads the train file of a folder and the test file behind it.</summary>
    /// <param name="folder">A folder that holds a <c>train-images*</c> and a <c>t10k-images*</c> file.</param>
    /// <exception cref="DataException">Not both are there, or their images are of different shapes.</exception>
    public static Dataset ReadAll(string folder)
    {
        var (train, test) = (ImagesIn(folder, "train"), ImagesIn(folder, "t10k"));
        if (train is null || test is null)
            throw new DataException(
                "data.files",
                $"data.files is all and {folder} has no images file with '{(train is null ? "train" : "t10k")}' in its name; both must be there.",
                "Fetch the whole set with `vaectl data fetch`, or leave data.files out.");
        var (first, second) = (ReadImages(train), ReadImages(test));
        if (!first.Shape.Skip(1).SequenceEqual(second.Shape.Skip(1)))
            throw Bad(
                test,
                $"holds images of {string.Join('x', second.Shape.Skip(1))}, and the train file of {string.Join('x', first.Shape.Skip(1))}",
                "Use the two files of one set.");
        var labels = first.Labels is null || second.Labels is null ? null : (byte[])[.. first.Labels, .. second.Labels];
        return new Dataset(first.Shape.Length == 3 ? 1 : first.Shape[1], first.Shape[^2], first.Shape[^1], [.. first.Pixels, .. second.Pixels], labels);
    }

    private static string? ImagesIn(string folder, string part) => !Directory.Exists(folder) ? null :
        Directory.EnumerateFiles(folder)
            .Where(file => Array.TrueForAll(["images", "idx3", part], word => Path.GetFileName(file).Contains(word, StringComparison.OrdinalIgnoreCase)))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>Whether a path looks like one of these files, or like a folder of them.</summary>
    /// <exception cref="DataException">The folder cannot be read.</exception>
    internal static bool IsThere(string path)
    {
        if (!File.Exists(path))
            return ImagesIn(path) is not null;
        using var file = File.OpenRead(path);
        var isGzip = IsGzip(file);
        return isGzip || (file.ReadByte() == 0 && file.ReadByte() == 0);
    }

    private static string FindImages(string path)
    {
        if (File.Exists(path))
            return path;
        if (!Directory.Exists(path))
            throw new DataException(
                "data.path",
                $"data.path is {path}, and there is no such file or folder on this silo ({Path.GetFullPath(path)}).",
                "Give the folder that holds the images file, as the silos see it.");
        return ImagesIn(path)
            ?? throw new DataException("data.path", $"data.path is {path}, and no file there has 'images' and 'idx3' in its name.",
                "Put an IDX images file there, such as train-images-idx3-ubyte.gz, or give the path of the file itself.");
    }

    private static string? ImagesIn(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder)
                .Where(file => Path.GetFileName(file).Contains("images", StringComparison.OrdinalIgnoreCase)
                    && Path.GetFileName(file).Contains("idx3", StringComparison.OrdinalIgnoreCase))
                // "train..." sorts after "t10k...": the train file comes first, and a plain file before its gzipped twin.
                .OrderByDescending(file => Path.GetFileName(file).Contains("train", StringComparison.OrdinalIgnoreCase))
                .ThenBy(file => file, StringComparer.Ordinal)
                .FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(folder, e);
        }
    }

    private static byte[]? ReadLabels(string images, int count)
    {
        var name = Path.GetFileName(images);
        if (FindLabels(images) is not { } sibling)
            return null;
        var (shape, labels) = ReadFile(sibling);
        if (shape.Length != 1 || shape[0] != count)
            throw Bad(sibling, $"holds {string.Join('x', shape)} labels, and {name} holds {count} images", "Use the two files of one download.");
        return labels;
    }

    /// <summary>The labels file of an images file: the same name with other words in it, zipped or not, whether the images are or not.</summary>
    private static string? FindLabels(string images)
    {
        var name = Path.GetFileName(images).Replace("images", "labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal);
        var sibling = Path.Combine(Path.GetDirectoryName(images) ?? ".", name);
        if (sibling == images)
            return null;
        var twin = sibling.EndsWith(".gz", StringComparison.Ordinal) ? sibling[..^3] : sibling + ".gz";
        return File.Exists(sibling) ? sibling : File.Exists(twin) ? twin : null;
    }

    private static (int[] Shape, byte[] Values) ReadFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var stream = IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
            return ReadStream(path, stream);
        }
        catch (EndOfStreamException e)
        {
            throw Bad(path, "ends in the middle of its header", "Fetch the file again; it was cut short.", e);
        }
        catch (InvalidDataException e)
        {
            throw Bad(path, $"cannot be unzipped ({e.Message.TrimEnd('.')})", "Fetch the file again; it is damaged.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    private static (int[] Shape, byte[] Values) ReadStream(string path, Stream stream)
    {
        Span<byte> magic = stackalloc byte[4];
        stream.ReadExactly(magic);
        if (magic[0] != 0 || magic[1] != 0)
            throw Bad(path, $"starts with the bytes {Convert.ToHexString(magic)}; an IDX file starts with 0000",
                "Point data.path at an IDX file such as train-images-idx3-ubyte.");
        if (magic[2] != UnsignedBytes)
            throw Bad(path, $"holds values of type 0x{magic[2]:X2}; only unsigned bytes (0x08) are images", "Convert the values to unsigned bytes.");
        var shape = ReadShape(path, stream, magic[3]);
        // Wide enough for four dimensions at their largest.
        var length = shape.Aggregate((Int128)1, (product, size) => product * size);
        if (length > PixelBytesMax)
            throw Bad(path, $"announces {length} bytes ({string.Join('x', shape)}); at most {PixelBytesMax} fit in memory here", "Split the file.");
        MemoryRoom.Check("data.path", $"{path} ({string.Join('x', shape)})", length, 1);
        return (shape, ReadValues(path, stream, shape, (long)length));
    }

    private static int[] ReadShape(string path, Stream stream, int dimensions)
    {
        if (dimensions is 0 or > DimensionsMax)
            throw Bad(path, $"announces {dimensions} dimensions; images have 3 or 4, labels 1", "Fetch the file again; its header is damaged.");
        Span<byte> size = stackalloc byte[4];
        var shape = new int[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            stream.ReadExactly(size);
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(size);
            if (shape[i] <= 0 || (i > 0 && shape[i] > SideMax))
                throw Bad(path, $"announces a size of {shape[i]} for dimension {i}", "Fetch the file again; its header is damaged.");
        }
        return shape;
    }

    private static byte[] ReadValues(string path, Stream stream, int[] shape, long length)
    {
        // Grown as the bytes come: a damaged header must not make us reserve gigabytes that the file does not have.
        using var values = new MemoryStream((int)Math.Min(length, 64 << 20));
        var buffer = new byte[81_920];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (values.Length + read > length)
                throw Bad(path, $"continues after the {length} bytes that its header announces ({string.Join('x', shape)})",
                    "Fetch the file again; header and contents disagree.");
            values.Write(buffer, 0, read);
        }
        if (values.Length < length)
            throw Bad(path, $"holds {values.Length} bytes of values, and its header announces {length} ({string.Join('x', shape)})",
                "Fetch the file again; it was cut short.");
        return values.ToArray();
    }

    private static bool IsGzip(FileStream file)
    {
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip;
    }

    private static DataException Unreadable(string path, Exception e) =>
        new("data.path", $"{path} cannot be read: {e.Message}", "Check that the silo may read it.", e);

    private static DataException Bad(string path, string problem, string fix, Exception? inner = null) =>
        new("data.path", $"{path} {problem}.", fix, inner);
}
