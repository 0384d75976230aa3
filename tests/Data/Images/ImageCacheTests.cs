using VaeCluster.Data;
using VaeCluster.Data.Images;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data.Images;

public sealed class ImageCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _cache = new();
    private readonly List<string> _reports = [];

    public ImageCacheTests()
    {
        for (var i = 0; i < 200; i++)
            _folder.Write($"{i:000}.png", PngWriter.Encode(PngWriter.Grey, 1, 1, [(byte)i]));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _cache.Dispose();
    }

    private string File => Assert.Single(Directory.GetFiles(_cache.Path, "*.images"));

    [Fact]
    public void Open_TheSecondTime_DecodesNothing()
    {
        var first = Open();
        Assert.Contains($"Decoding {_folder.Path}: 200 of 200 files.", _reports);
        _reports.Clear();

        var second = Open();

        Assert.Empty(_reports);
        Assert.Equal(Pixels(first), Pixels(second));
    }

    [Fact]
    public void Open_AfterAFileChanged_IsAnotherCache()
    {
        Open();
        _folder.Write("100.png", PngWriter.Encode(PngWriter.Grey, 2, 1, [250, 250]));

        Assert.Equal(250, MathF.Round(255 * Pixels(Open())[100 * 64]));
        Assert.Equal(2, Directory.GetFiles(_cache.Path, "*.images").Length);
    }

    [Theory]
    [InlineData(0, "does not start as a cache does")]
    [InlineData(1000, "the hash of its pixels differs")]
    [InlineData(-1, "ends in the middle")]
    [InlineData(-60, "the hash of its index differs")]
    public void Open_OfADamagedFile_SaysSoAndMakesItAgain(int at, string problem)
    {
        var valid = Pixels(Open());
        var bytes = System.IO.File.ReadAllBytes(File);
        bytes[at >= 0 ? at : bytes.Length + at] ^= 0x40;
        System.IO.File.WriteAllBytes(File, bytes);
        _reports.Clear();

        Assert.Equal(valid, Pixels(Open()));

        Assert.Contains(_reports, report => report.StartsWith($"The cache {File} is damaged (", StringComparison.Ordinal) && report.Contains(problem, StringComparison.Ordinal));
        Assert.Contains($"Decoding {_folder.Path}: 200 of 200 files.", _reports);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(2000)]
    public void Open_OfAFileThatWasCutOff_MakesItAgain(int length)
    {
        var valid = Pixels(Open());
        System.IO.File.WriteAllBytes(File, System.IO.File.ReadAllBytes(File)[..length]);

        Assert.Equal(valid, Pixels(Open()));
    }

    [Fact]
    public async Task Open_ByManyAtOnce_DecodesOnce()
    {
        var ways = Enumerable.Range(0, 4).Select(_ => new List<string>()).ToArray();

        var opened = await Task.WhenAll(ways.Select(reports => Task.Run(() => Open(reports))));

        Assert.All(opened, data => Assert.Equal(Pixels(opened[0]), Pixels(data)));
        Assert.Single(ways, reports => reports.Exists(report => report.StartsWith("Decoding ", StringComparison.Ordinal)));
        Assert.Empty(Directory.GetFiles(_cache.Path, "*.partial"));
    }

    [Fact]
    public void Open_WhereNothingCanBeWritten_NamesTheVariable()
    {
        // A file stands where the folder should be.
        var spec = ASpec.With("data.source=images", $"data.path={_folder.Path}", "data.imageSize=8").Data;
        var blocked = _cache.Write("blocked", 1);

        var e = Assert.Throws<DataException>(() => DataSources.Open(spec, cacheFolder: blocked));

        Assert.EndsWith("Set VAECLUSTER_CACHE_DIR to a folder with room that this process may write to; `vaectl data clean` removes unused caches.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OnADiskThatBecomesFull_SaysSo_AndLeavesNothingInTheWay()
    {
        await using var disk = await SmallDisk.CreateAsync("64k");
        Assert.SkipUnless(disk.IsMounted, "mount cannot mount the small disk that this test fills; it needs root and SYS_ADMIN.");
        using var folder = new TemporaryFolder();
        // As many pixels as there is room for, so that what comes after them finds none.
        for (var i = 0; i < 1024; i++)
            folder.Write($"{i:0000}.png", PngWriter.Encode(PngWriter.Grey, 1, 1, [7]));
        var spec = ASpec.With("data.source=images", $"data.path={folder.Path}", "data.imageSize=8").Data;

        var e = Assert.Throws<DataException>(() => DataSources.Open(spec, cacheFolder: disk.Path));

        Assert.StartsWith($"The cache {disk.Path}/", e.Message, StringComparison.Ordinal);
        Assert.Contains("No space left on device", e.Message, StringComparison.Ordinal);
        var turn = Assert.Single(Directory.GetFiles(disk.Path));
        Assert.EndsWith(".images.lock", turn, StringComparison.Ordinal);
        await using var free = ImageCache.TryTakeTurn(Path.ChangeExtension(turn, null));
        Assert.NotNull(free);
    }

    [Fact]
    public async Task Open_WhereTheDiskHasTooLittleRoom_SaysBothNumbers_BeforeItDecodes()
    {
        await using var disk = await SmallDisk.CreateAsync("12k");
        Assert.SkipUnless(disk.IsMounted, "mount cannot mount the small disk that this test fills; it needs root and SYS_ADMIN.");

        var e = Assert.Throws<DataException>(() => DataSources.Open(ASpec.With("data.source=images", $"data.path={_folder.Path}", "data.imageSize=8").Data, new Listener(_reports), disk.Path));

        Assert.Equal($"The decoded images take 12800 bytes, and {disk.Path} has 12288 free. Make room there (`vaectl data clean` removes unused caches), set VAECLUSTER_CACHE_DIR to a folder on a larger disk, or ask for smaller images.", e.Message);
        Assert.Equal("data.imageSize", e.Error.Path);
        Assert.Empty(_reports);
    }

    [Fact]
    public void DefaultFolder_FollowsTheVariables()
    {
        // The process's own environment decides; what it says must be one of the three documented places.
        var expected = Environment.GetEnvironmentVariable("VAECLUSTER_CACHE_DIR")
            ?? Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "", ".cache"), "vaecluster");

        Assert.Equal(expected, CacheFolder.Default);
    }

    private Dataset Open() => Open(_reports);

    private Dataset Open(List<string> reports) => DataSources.Open(
        ASpec.With("data.source=images", $"data.path={_folder.Path}", "data.imageSize=8").Data,
        new Listener(reports),
        _cache.Path);

    private static float[] Pixels(Dataset data)
    {
        var values = new float[data.Count * data.Dimensions];
        data.CopyTo([.. Enumerable.Range(0, data.Count)], values);
        return values;
    }

    private sealed class Listener(List<string> reports) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => reports.Add(value.Message);
    }
}
