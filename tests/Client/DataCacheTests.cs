using System.Text.Json;
using VaeCluster.Client.Tests.Fakes;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;

namespace VaeCluster.Client.Tests;

public sealed class DataCacheTests : IDisposable
{
    private readonly string _images = Directory.CreateTempSubdirectory("vaecluster-images-").FullName;
    private readonly string _cache = Directory.CreateTempSubdirectory("vaecluster-cache-").FullName;

    public DataCacheTests() =>
        // A grey pixel of 51, as small as a PNG file can be.
        File.WriteAllBytes(Path.Combine(_images, "a.png"), Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGMwBgAANQA0yrSZ7QAAAABJRU5ErkJggg=="));

    public void Dispose()
    {
        Directory.Delete(_images, recursive: true);
        Directory.Delete(_cache, recursive: true);
    }

    [Fact]
    public async Task Cache_ShowsSizeUseAndOrigin()
    {
        var empty = await VaectlResult.OfAsync("data", "cache", "--folder", _cache);
        var path = Make();
        var size = new FileInfo(path).Length;

        var text = await VaectlResult.OfAsync("data", "cache", "--folder", _cache);
        var json = await VaectlResult.OfAsync("data", "cache", "--folder", _cache, "-o", "json");

        Assert.Equal("This folder has no caches of images.\n", empty.Output);
        Assert.Equal(["SIZE IMAGES SHAPE LAST USED SOURCE", $"{size} B 1 1x8x8 2030-01-02 03:04:05Z {_images}", $"{size} B in all."], text.Lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        using var cache = JsonDocument.Parse(Assert.Single(json.Lines));
        Assert.Equal((path, size, _images, "2030-01-02T03:04:05Z"), (cache.RootElement.GetProperty("path").GetString(), cache.RootElement.GetProperty("bytes").GetInt64(), cache.RootElement.GetProperty("source").GetString(), cache.RootElement.GetProperty("used_at").GetString()));
    }

    [Fact]
    public async Task Clean_RemovesWhatWasNotUsed_AndSaysSo()
    {
        var path = Make();
        File.SetLastWriteTimeUtc(path + ".lock", DateTime.UtcNow.AddDays(-29));

        var kept = await VaectlResult.OfAsync("data", "clean", "--folder", _cache);
        var removed = await VaectlResult.OfAsync("data", "clean", "--folder", _cache, "--unused", "28");

        Assert.Equal((ExitCode.Success, "Nothing is removed: every cache has been used since then.\n"), (kept.ExitCode, kept.Output));
        Assert.Equal(ExitCode.Success, removed.ExitCode);
        Assert.EndsWith(" B removed.", removed.Lines[^1], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_cache));
    }

    [Fact]
    public async Task Clean_OfADayThatIsNone_ExitsWith2()
    {
        var result = await VaectlResult.OfAsync("data", "clean", "--unused", "-1", "--folder", _cache);

        Assert.Equal((ExitCode.Usage, "vaectl: --unused is -1; it must be a number of days between 0 and 36500.\n"), (result.ExitCode, result.Error));
    }

    private string Make()
    {
        DataSources.Open(new DataSpec { Source = "images", Path = _images, ImageSize = 8, Channels = 1 }, cacheFolder: _cache);
        var path = Assert.Single(Directory.GetFiles(_cache, "*.images"));
        File.SetLastWriteTimeUtc(path + ".lock", new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        return path;
    }
}
