using System.Buffers.Binary;
using System.IO.Compression;

namespace VaeCluster.Tests.Data;

/// <summary>Makes IDX files, valid and damaged.</summary>
internal static class IdxFile
{
    public static byte[] Of(byte type, int[] shape, byte[] values)
    {
        var file = new byte[4 + (4 * shape.Length) + values.Length];
        (file[2], file[3]) = (type, (byte)shape.Length);
        for (var i = 0; i < shape.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * i)), shape[i]);
        values.CopyTo(file, 4 + (4 * shape.Length));
        return file;
    }

    /// <summary>Images whose values count up from 0.</summary>
    public static byte[] Images(params int[] shape) => Of(8, shape, Counting(shape));

    public static byte[] Gzipped(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
            gzip.Write(content);
        return zipped.ToArray();
    }

    private static byte[] Counting(int[] shape) => [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => (byte)i)];
}
