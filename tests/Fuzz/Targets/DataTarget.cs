using System.IO.Compression;
using System.Text;
using CsCheck;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Data.Files;
using VaeCluster.Tests.Support;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Files of a data source: valid ones that were changed, and bytes that never were one.</summary>
internal sealed class DataTarget : FuzzTarget
{
    private readonly DataSpec _spec;
    private readonly DataAccess _access;
    private readonly string _path;
    private readonly IReadOnlyList<byte[]> _valid;

    private DataTarget(string name, string source, IReadOnlyList<byte[]> valid)
        : base(name, 1)
    {
        _path = Path.Combine(Folder.Path, "images-idx3");
        _spec = ASpec.With($"data.source={source}", $"data.path={_path}").Data;
        _access = new DataAccess { Roots = DataRoots.Of([Folder.Path]), Memory = new DataMemory(1 << 28) };
        _valid = valid;
    }

    public static DataTarget Idx() => new("idx", "idx", [IdxFile(8, 3, 2, 2), Gzipped(IdxFile(8, 3, 2, 2)), IdxFile(8, 2, 3, 4, 5), IdxFile(9, 2, 2, 2)]);

    public static DataTarget Npy() => new("npy", "npy",
    [
        NpyWriter.Array("|u1", "2, 3, 4", new byte[24]),
        NpyWriter.Array("<f4", "2, 2, 2", new byte[32], version: 2),
        NpyWriter.Array(">f8", "1, 3, 2, 2", new byte[96], version: 3),
        Encoding.Latin1.GetBytes("\x93NUMPY\x01\0\x76\0{'descr': '|u1', 'fortran_order': False, 'shape': (2147483647, 9223372036854775807, 1), }"),
    ]);

    public static DataTarget Npz() => new("npz", "npy", [Archive(CompressionLevel.NoCompression), Archive(CompressionLevel.Optimal)]);

    public override byte[] Make(PCG random) => random.Mutate(random.Of(_valid));

    public override void Run(byte[] content)
    {
        File.WriteAllBytes(_path, content);
        using var dataset = DataSources.Open(_spec, _access);
        dataset.CopyTo([0, dataset.Count - 1], new float[2 * dataset.Dimensions]);
    }

    public override bool IsDocumented(Exception e) => e is DataException;

    private static byte[] Archive(CompressionLevel compression) => NpyWriter.Archive(
        compression,
        ("imgs", NpyWriter.Array("|u1", "4, 2, 2", new byte[16])),
        ("labels", NpyWriter.Array("<i8", "4,", new byte[32])),
        ("latents_classes", NpyWriter.Array("<i4", "4, 3", new byte[48])));

    private static byte[] IdxFile(byte type, params byte[] shape) =>
        [0, 0, type, (byte)shape.Length, .. shape.SelectMany(size => (byte[])[0, 0, 0, size]), .. new byte[shape.Aggregate(1, (a, b) => a * b)]];

    private static byte[] Gzipped(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal))
            gzip.Write(content);
        return zipped.ToArray();
    }
}
