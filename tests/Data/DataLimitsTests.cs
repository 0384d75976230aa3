using System.IO.Compression;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data;

/// <summary>What a file may ask for, and what it is told when it asks for more.</summary>
public sealed class DataLimitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_AnArchiveThatUnfoldsToFarMore_IsRefused()
    {
        var array = NpyWriter.Array("|u1", "1000, 200, 200", new byte[40_000_000]);
        var path = _folder.Write("bomb.npz", NpyWriter.Archive(CompressionLevel.Optimal, ("x", array)));

        Assert.Matches(
            $"^{path}:x has 40000000 bytes in [0-9]+ compressed ones; above 16777216 bytes, content may be at most 250 times as long as its compressed form. Save it without compression.$",
            Refused("npy", path));
    }

    [Fact]
    public void Open_AZippedIdxFileThatUnfoldsToFarMore_IsRefused()
    {
        var path = _folder.Write("bomb.gz", Zipped(IdxFile.Of(8, [1000, 200, 200], new byte[40_000_000])));

        Assert.Contains("content may be at most 250 times as long as its compressed form", Refused("idx", path), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_SmallFilesOfOneColour_AreFree()
    {
        var path = _folder.Write("black.npz", NpyWriter.Archive(CompressionLevel.Optimal, ("x", NpyWriter.Array("|u1", "100, 200, 200", new byte[4_000_000]))));

        Assert.Equal(100, DataSources.Open(SpecOf("npy", path)).Count);
    }

    [Fact]
    public void Open_AnArchiveOfTooManyEntries_IsRefused()
    {
        var array = NpyWriter.Array("|u1", "1, 2, 2", new byte[4]);
        var path = _folder.Write("many.npz", NpyWriter.Archive(CompressionLevel.NoCompression, [.. Enumerable.Range(0, 1001).Select(i => ($"x{i}", array))]));

        Assert.StartsWith($"{path} has 1001 entries; at most 1000 are read.", Refused("npy", path), StringComparison.Ordinal);
    }

    /// <summary>The list is read whatever number of entries the archive's end announces.</summary>
    [Fact]
    public void Open_AnArchiveOfALongList_IsRefusedBeforeItIsRead()
    {
        var archive = NpyWriter.Archive(CompressionLevel.NoCompression, [.. Enumerable.Range(0, 20_000).Select(i => ($"a-name-of-some-length-{i}", Array.Empty<byte>()))]);
        (archive[^14], archive[^13], archive[^12], archive[^11]) = (1, 0, 1, 0);
        var path = _folder.Write("long.npz", archive);

        Assert.Contains("; at most 1048576 are read, which a thousand arrays take.", Refused("npy", path), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AHeaderOfManyBrackets_IsRefusedWithoutReadingItTwice()
    {
        var header = string.Concat(Enumerable.Repeat("'shape':(", 100_000));
        var path = _folder.Write("slow.npy", [0x93, .. "NUMPY"u8, 2, 0, .. BitConverter.GetBytes(header.Length), .. header.Select(c => (byte)c)]);

        Assert.StartsWith($"{path} announces a header of 900000 bytes; at most 10000 are read, as by NumPy.", Refused("npy", path), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AnArrayOfManyLongAxes_DoesNotOverflow()
    {
        var path = _folder.Write("axes.npy", NpyWriter.Array("|u1", string.Join(", ", Enumerable.Repeat(1L << 62, 40)), []));

        Assert.Contains("images have the axes n,h,w", Refused("npy", path), StringComparison.Ordinal);
        var more = _folder.Write("more.npy", NpyWriter.Array("|u1", string.Join(", ", Enumerable.Repeat(1, 65)), [1]));
        Assert.Contains("has 65 axes; at most 64 are read, as by NumPy.", Refused("npy", more), StringComparison.Ordinal);
    }

    /// <summary>A header of a hundred bytes must not cost the gigabyte that it announces.</summary>
    [Fact]
    public void Open_AHeaderThatAnnouncesMoreThanIsThere_TakesNoMemoryForIt()
    {
        var path = _folder.Write("short.npy", NpyWriter.Array("|u1", "30000, 180, 180", new byte[10]));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("holds 10 bytes of values, and its header announces 972000000 (30000x180x180 of |u1)", Refused("npy", path), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void Open_TooManyFactors_IsRefused()
    {
        var path = _folder.Write("f.npz", NpyWriter.Archive(
            CompressionLevel.NoCompression,
            ("imgs", NpyWriter.Array("|u1", "1, 2, 2", new byte[4])),
            ("latents_classes", NpyWriter.Array("|u1", "1, 65", new byte[65]))));

        Assert.StartsWith($"{path}:latents_classes has 65 factors; an example has at most 64.", Refused("npy", path), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FoldersTooDeep_AreRefused()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, string.Join('/', Enumerable.Repeat("d", 18))));

        Assert.Equal($"{_folder.Path} has folders more than 16 levels deep; data are at most that deep. Give the folder that holds the data themselves.", Refused("images", _folder.Path));
    }

    private static byte[] Zipped(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.SmallestSize))
            gzip.Write(content);
        return zipped.ToArray();
    }

    private static string Refused(string source, string path) => Assert.Throws<DataException>(() => DataSources.Open(SpecOf(source, path))).Message;

    private static DataSpec SpecOf(string source, string path) => ASpec.With($"data.source={source}", $"data.path={path}").Data;
}
