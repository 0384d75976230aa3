using Microsoft.Extensions.Time.Testing;
using VaeCluster.Data;
using VaeCluster.Data.Images;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data.Images;

public sealed class ImageCachesTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _cache = new();

    public ImageCachesTests() => _folder.Write("a.png", PngWriter.Encode(PngWriter.Grey, 1, 1, [7]));

    public void Dispose()
    {
        _folder.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public void List_DescribesEachCache_TheOneUsedLastFirst()
    {
        var small = Make(8, usedDaysAgo: 3);
        var large = Make(16, usedDaysAgo: 2);

        var listed = ImageCaches.List(_cache.Path);

        Assert.Equal([large, small], listed.Select(cached => cached.Path));
        Assert.Equal((_folder.Path, 1, "1x16x16", DaysAgo(2), new FileInfo(large).Length), (listed[0].Source, listed[0].Images, listed[0].Shape, listed[0].UsedAt, listed[0].Bytes));
        Assert.Equal(listed, ImageCaches.List(_cache.Path)); // To look is no use.
        Assert.Empty(ImageCaches.List(Path.Combine(_cache.Path, "nowhere")));
    }

    [Fact]
    public void List_OfADamagedCache_HasItsSize()
    {
        var path = _cache.Write("0123.images", 1, 2, 3);

        Assert.Equal(new CachedImages(path, 3, File.GetLastWriteTimeUtc(path), "", 0, ""), Assert.Single(ImageCaches.List(_cache.Path)));
    }

    [Fact]
    public void Open_NotesTheUse_AndLeavesTheTimeOfWriting()
    {
        var path = Make(8, usedDaysAgo: 3);
        var written = File.GetLastWriteTimeUtc(path);
        var before = DateTime.UtcNow.AddSeconds(-1);

        Open(8);

        Assert.InRange(Assert.Single(ImageCaches.List(_cache.Path)).UsedAt, before, DateTime.UtcNow.AddSeconds(1));
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));
    }

    [Fact]
    public void Remove_TakesWhatWasNotUsedForSoLong_AndLeavesTheRest()
    {
        var old = Make(8, usedDaysAgo: 30);
        var used = Make(16, usedDaysAgo: 29);

        var removed = ImageCaches.Remove(TimeSpan.FromDays(30), new FakeTimeProvider(Now), _cache.Path);

        Assert.Equal([old], removed.Select(cached => cached.Path));
        Assert.Equal([used, used + ".lock"], Directory.GetFiles(_cache.Path).Order(StringComparer.Ordinal));
        Assert.Equal(1, Open(8).Count); // It is made again.
    }

    [Fact]
    public void Remove_OfAnOpenCache_LeavesItsReaderWhatItHas()
    {
        Make(8, usedDaysAgo: 1);
        var data = Open(8);
        var values = new float[data.Dimensions];

        Assert.Single(ImageCaches.Remove(TimeSpan.Zero, TimeProvider.System, _cache.Path));

        data.CopyTo([0], values);
        Assert.Equal(7 / 255f, values[0]);
        Assert.Empty(Directory.GetFiles(_cache.Path));
    }

    [Fact]
    public void Remove_TakesWhatAKilledProcessLeft_AndNotWhatAnotherIsMaking()
    {
        var left = _cache.Write("aa.images.1.partial", 1);
        var making = _cache.Write("bb.images.2.partial", 1);
        using var turn = ImageCache.TryTakeTurn(Path.Combine(_cache.Path, "bb.images"));

        var removed = ImageCaches.Remove(TimeSpan.FromDays(30), TimeProvider.System, _cache.Path);

        Assert.Equal([left], removed.Select(cached => cached.Path));
        Assert.Equal([making, turn!.Name], Directory.GetFiles(_cache.Path).Order(StringComparer.Ordinal));
    }

    private static DateTime DaysAgo(int days) => Now.UtcDateTime.AddDays(-days);

    private Dataset Open(int side) =>
        DataSources.Open(ASpec.With("data.source=images", $"data.path={_folder.Path}", $"data.imageSize={side}").Data, cacheFolder: _cache.Path);

    private string Make(int side, int usedDaysAgo)
    {
        var known = Directory.GetFiles(_cache.Path);
        Open(side);
        var path = Assert.Single(Directory.GetFiles(_cache.Path, "*.images").Except(known));
        File.SetLastWriteTimeUtc(path + ".lock", DaysAgo(usedDaysAgo));
        return path;
    }
}
