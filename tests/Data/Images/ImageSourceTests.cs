using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Data.Images;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data.Images;

public sealed partial class ImageSourceTests : IDisposable
{
    private const string Repair = " Repair or remove them, or set data.badFiles to skip.";
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _cache = new();
    private readonly List<string> _reports = [];

    public void Dispose()
    {
        _folder.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public void Read_PngAndJpeg_InTheOrderOfTheirNames()
    {
        Plain("b.PNG", 10);
        _folder.Write("a.jpg", JpegWriter.Grey(16, 16, [.. Enumerable.Repeat((byte)200, 256)]));
        _folder.Write("c.jpeg", JpegWriter.Progressive);
        Plain(".hidden.png", 1);
        _folder.Write("notes.txt", 1, 2, 3);

        var data = Open();

        Assert.Equal((3, 3, 8, 8), (data.Count, data.Channels, data.Height, data.Width));
        Assert.Equal([200, 10, 90], FirstPixels(data));
        Assert.Null(data.Labels);
    }

    [Fact]
    public void Read_EveryKindOfPng_BecomesRgbByItsRule()
    {
        byte[] Tile(params byte[] pixel) => [.. Enumerable.Repeat(pixel, 64).SelectMany(sample => sample)];
        _folder.Write("1.png", PngWriter.Encode(PngWriter.Rgb, 8, 8, Tile(1, 2, 3)));
        _folder.Write("2.png", PngWriter.Encode(PngWriter.Grey, 8, 8, Tile(7)));
        _folder.Write("3.png", PngWriter.Encode(PngWriter.GreyAlpha, 8, 8, Tile(100, 51)));
        _folder.Write("4.png", PngWriter.Encode(PngWriter.Rgba, 8, 8, Tile(10, 20, 30, 0)));
        _folder.Write("5.png", PngWriter.Encode(PngWriter.Rgba, 8, 8, Tile(10, 20, 30, 255)));
        _folder.Write("6.png", PngWriter.Encode(PngWriter.Rgb, 8, 8, Tile(1, 255, 2, 255, 3, 255), depth: 16));
        _folder.Write("7.png", PngWriter.Encode(PngWriter.Palette, 8, 8, Tile(1), palette: [0, 0, 0, 40, 50, 60]));

        var data = Open();

        // 100 at an opacity of a fifth, over white: (51 * 100 + 204 * 255 + 127) / 255 = 224.
        Assert.Equal(["1,2,3", "7,7,7", "224,224,224", "255,255,255", "10,20,30", "1,2,3", "40,50,60"], Colors(data));
    }

    [Fact]
    public void Read_ColorsAskedAsGrey_GiveTheirLuma()
    {
        _folder.Write("1.png", PngWriter.Encode(PngWriter.Rgb, 1, 1, [200, 100, 50]));
        Plain("2.png", 7);

        var data = Open("data.channels=1");

        Assert.Equal(1, data.Channels);
        Assert.Equal([124, 7], FirstPixels(data)); // 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2.
    }

    [Fact]
    public void Read_Folders_AreClassesInAFixedShuffle()
    {
        foreach (var (label, name) in new[] { "cat", "dog", "eel" }.Index())
        {
            Directory.CreateDirectory(Path.Combine(_folder.Path, name));
            for (var i = 0; i < 20; i++)
                Plain($"{name}/{i:00}.png", (byte)((20 * label) + i));
        }

        var data = Open();

        Assert.Equal(["cat", "dog", "eel"], data.Classes!);
        Assert.Equal(FirstPixels(data).Select(value => value / 20), data.Labels!.Select(label => (int)label));
        Assert.Equal(Enumerable.Range(0, 60), FirstPixels(data).Order());
        Assert.Equal(3, data.Labels!.Take(20).Distinct().Count());
    }

    [Fact]
    public void Read_BadFiles_AreNamedTogether()
    {
        MakeBadFiles();

        var e = Assert.Throws<DataException>(() => Open());

        Assert.StartsWith($"7 of 8 files in {_folder.Path} cannot be used: ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(Repair, e.Message, StringComparison.Ordinal);
        foreach (var problem in new[]
        {
            "cmyk.jpg is a CMYK JPEG file; convert it to RGB;",
            "cut.jpg is truncated: a JPEG file ends with the bytes FFD9, and this one does not;",
            "cut.png is truncated: a PNG file ends with IEND, and this one does not;",
            "empty.png is empty;",
            "nothing.png is a damaged PNG file (",
            "text.jpg is neither PNG nor JPEG by its first bytes.",
            "huge.png is 60000x60000 pixels; at most 64000000 pixels are decoded;",
        })
        {
            Assert.Contains(problem, e.Message, StringComparison.Ordinal);
        }
        Assert.Equal([], Directory.GetFiles(_cache.Path, "*.images"));
        Assert.Equal([], Directory.GetFiles(_cache.Path, "*.partial"));
    }

    [Fact]
    public void Read_BadFilesThatAreSkipped_AreReportedAtEachOpening()
    {
        MakeBadFiles();

        foreach (var _ in Enumerable.Range(0, 2))
        {
            _reports.Clear();
            var data = Open("data.badFiles=skip");

            Assert.Equal(1, data.Count);
            Assert.Contains(_reports, report => report.StartsWith($"7 of 8 files in {_folder.Path} are left out: ", StringComparison.Ordinal) && report.Contains("empty.png is empty", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Read_NothingButBadFiles_IsRefusedEvenWhenTheyAreSkipped()
    {
        _folder.Write("a.png");

        Assert.Equal($"1 of 1 files in {_folder.Path} cannot be used: a.png is empty. Give a folder of valid PNG and JPEG files.", Assert.Throws<DataException>(() => Open("data.badFiles=skip")).Message);
    }

    [Fact]
    public void Read_FileSmallerThanItsCrop_IsBad()
    {
        _folder.Write("a.png", PngWriter.Encode(PngWriter.Grey, 10, 6, new byte[60]));

        Assert.Equal($"1 of 1 files in {_folder.Path} cannot be used: a.png is 10x6 pixels, and data.crop asks for 7. Lower data.crop, or leave it out for the largest square of each image.", Assert.Throws<DataException>(() => Open("data.crop=7")).Message);
    }

    [Fact]
    public void Read_NameThatIsNotUtf8_IsBad()
    {
        Plain("good.png", 1);
        // The shell makes what .NET cannot name.
        Assert.Equal(0, Shell("cp good.png \"$(printf 'b\\377d.png')\""));

        var (e, count) = (Record.Exception(() => Open()), Open("data.badFiles=skip").Count);
        Assert.Equal(0, Shell("rm b*")); // Nor can .NET remove it.

        Assert.IsType<DataException>(e);
        Assert.Equal($"1 of 2 files in {_folder.Path} cannot be used: b\uFFFDd.png has a name that is not UTF-8 and must be renamed." + Repair, e.Message);
        Assert.Equal(1, count);
    }

    [Fact]
    public void Read_FolderOfNothing_SaysSo()
    {
        _folder.Write("notes.txt", 1);

        Assert.Equal($"data.path is {_folder.Path}, and no file there ends in .png, .jpg or .jpeg. Give the folder that holds the images.", Assert.Throws<DataException>(() => Open()).Message);
        var spec = ASpec.With("data.source=images", "data.path=nowhere").Data;
        Assert.Equal($"data.path is nowhere, and there is no such folder on this silo ({Path.GetFullPath("nowhere")}). Give the folder that holds the images, as the silos see it.", Assert.Throws<DataException>(() => DataSources.Open(spec)).Message);
    }

    [Fact]
    public void Read_Links_AreFollowedToFilesAndNotToFolders()
    {
        using var elsewhere = new TemporaryFolder();
        var target = elsewhere.Write("target.png", PngWriter.Encode(PngWriter.Grey, 1, 1, [9]));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link.png"), target);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "loop"), _folder.Path);

        Assert.Equal([9], FirstPixels(Open()));
    }

    [Fact]
    public void Read_DecodedTwice_GivesTheSameHash_WhichIsThatOfThePixels()
    {
        Noise("a.png", 100, 80, 1);
        Noise("b.png", 31, 57, 2);
        var spec = SpecOf("data.test=1");

        var first = Open("data.test=1");
        using var otherCache = new TemporaryFolder();
        var second = DataSources.Open(spec, cacheFolder: otherCache.Path);

        Assert.Equal(first.Describe(spec), second.Describe(spec));
        var pixels = Bytes(first);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. pixels.Select(value => (byte)value)])), first.Describe(spec).Sha256);
    }

    [Fact]
    public void Read_HundredThousandFiles_TakesThemAll()
    {
        const int Originals = 5;
        const int Links = 20_000;
        // Links cost a line of their folder each, and no room on the disk.
        for (var i = 0; i < Originals; i++)
        {
            var original = _folder.Write($"{i}-00000.png", PngWriter.Encode(PngWriter.Grey, 1, 1, [(byte)i]));
            for (var link = 1; link < Links; link++)
                Assert.Equal(0, Link(original, Path.Combine(_folder.Path, $"{i}-{link:00000}.png")));
        }

        var data = Open("data.channels=1");

        Assert.Equal(Originals * Links, data.Count);
        Assert.Equal([0, 0, 1, 4], ((int[])[0, Links - 1, Links, data.Count - 1]).Select(i => FirstPixels(data, i)));
    }

    [Fact]
    public void Read_FromTheCache_AllocatesNoRoomForThePixels()
    {
        for (var i = 0; i < 200; i++)
            Plain($"{i:000}.png", 5);
        Open("data.imageSize=256");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var data = Open("data.imageSize=256");

        // 39 MB of pixels are in the file, and a page of them at a time is read.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
        Assert.Equal(5, FirstPixels(data, 199));
    }

    [Fact]
    public void WritePixels_GivesPixelsAwayAFewDozenAtATime()
    {
        for (var i = 0; i < 150; i++)
            Plain($"{i:000}.png", (byte)i);
        using var written = new MemoryStream();
        var progress = new List<(long Done, long Written)>();
        var access = new DataAccess { Progress = new Watcher(report => progress.Add((report.Done, written.Length))) };
        var builder = new ImageCacheBuilder(ImageFolder.List(_folder.Path, access), SpecOf("data.channels=1"), access);

        builder.WritePixels(written);

        Assert.Equal([(64, 64 * 64), (128, 128 * 64), (150, 150 * 64)], progress);
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string original, string path);

    private void MakeBadFiles()
    {
        Plain("good.png", 3);
        var jpeg = JpegWriter.Rgb(64, 64, RandomBytes(64 * 64 * 3, 1));
        var png = PngWriter.Encode(PngWriter.Rgb, 64, 64, RandomBytes(64 * 64 * 3, 2));
        _folder.Write("cmyk.jpg", JpegWriter.Cmyk);
        _folder.Write("cut.jpg", jpeg[..(jpeg.Length / 2)]);
        _folder.Write("cut.png", png[..(png.Length / 2)]);
        _folder.Write("empty.png");
        _folder.Write("nothing.png", PngWriter.Encode(PngWriter.Rgb, 0, 0, []));
        _folder.Write("text.jpg", [.. "hello"u8]);
        _folder.Write("huge.png", PngWriter.Encode(PngWriter.Rgb, 60_000, 60_000, []));
    }

    private Dataset Open(params string[] settings) =>
        DataSources.Open(SpecOf(settings), new Listener(_reports), _cache.Path);

    private DataSpec SpecOf(params string[] settings) =>
        ASpec.With(["data.source=images", $"data.path={_folder.Path}", "data.imageSize=8", "data.channels=3", "data.test=0", .. settings]).Data;

    private void Plain(string name, byte value) => _folder.Write(name, PngWriter.Encode(PngWriter.Grey, 1, 1, [value]));

    private void Noise(string name, int width, int height, int seed) =>
        _folder.Write(name, PngWriter.Encode(PngWriter.Rgb, width, height, RandomBytes(width * height * 3, seed)));

    private static byte[] RandomBytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private int Shell(string script)
    {
        var start = new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = _folder.Path };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static int[] FirstPixels(Dataset data) => [.. Enumerable.Range(0, data.Count).Select(i => FirstPixels(data, i))];

    private static int FirstPixels(Dataset data, int example)
    {
        var values = new float[data.Dimensions];
        data.CopyTo([example], values);
        return (int)MathF.Round(255 * values[0]);
    }

    private static string[] Colors(Dataset data)
    {
        var values = new float[data.Count * data.Dimensions];
        data.CopyTo([.. Enumerable.Range(0, data.Count)], values);
        var plane = data.Height * data.Width;
        return [.. Enumerable.Range(0, data.Count).Select(i => string.Join(',', Enumerable.Range(0, 3).Select(channel => (int)MathF.Round(255 * values[(i * data.Dimensions) + (channel * plane) + 5]))))];
    }

    private static int[] Bytes(Dataset data)
    {
        var values = new float[data.Count * data.Dimensions];
        data.CopyTo([.. Enumerable.Range(0, data.Count)], values);
        return [.. values.Select(value => (int)MathF.Round(255 * value))];
    }

    private sealed class Watcher(Action<DataProgress> report) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => report(value);
    }

    private sealed class Listener(List<string> reports) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => reports.Add(value.Message);
    }
}
