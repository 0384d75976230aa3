using VaeCluster.Data;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data.Files;

/// <summary>What is no regular file is refused before a byte of it is read: a pipe would wait for ever, a device has no end.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("idx")]
    [InlineData("npy")]
    [InlineData("images")]
    public async Task Open_APipe_IsRefusedAtOnce(string source)
    {
        var path = SpecialFiles.Pipe(Path.Combine(_folder.Path, "pipe"));

        Assert.Equal($"{path} is a named pipe; data are regular files, and folders of them. Copy the data into a file.", await RefusedAsync(source, path));
    }

    [Fact]
    public async Task Open_AFolderWithPipesInPlaceOfImages_NamesThem()
    {
        SpecialFiles.Pipe(Path.Combine(_folder.Path, "a.png"));

        Assert.Contains("a.png is a named pipe; data are regular files", await RefusedAsync("images", _folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_LabelsThatAreAPipe_AreRefusedAtOnce()
    {
        var images = _folder.Write("train-images-idx3-ubyte", IdxFile.Images(3, 2, 2));
        SpecialFiles.Pipe(Path.Combine(_folder.Path, "train-labels-idx1-ubyte"));

        Assert.Contains("train-labels-idx1-ubyte is a named pipe", await RefusedAsync("idx", images), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/zero", "a device")]
    [InlineData("/dev/full", "a device")]
    [InlineData("/proc/self/environ", "made up by the kernel")]
    [InlineData("/proc/self/maps", "made up by the kernel")]
    [InlineData("/sys/kernel/mm", "made up by the kernel")]
    public async Task Open_WhatTheKernelMakesUp_IsRefusedAtOnce(string path, string kind)
    {
        foreach (var source in new[] { "idx", "npy", "images" })
            Assert.Equal($"{path} is {kind}; data are regular files, and folders of them. Copy the data into a file.", await RefusedAsync(source, path));
    }

    [Fact]
    public async Task Open_ASocket_IsRefusedAtOnce()
    {
        var path = Path.Combine(_folder.Path, "socket");
        using var socket = SpecialFiles.Socket(path);

        Assert.Contains("is a socket; data are regular files", await RefusedAsync("npy", path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("idx", "secret=5up3r")]
    [InlineData("npy", "secret=5up3r")]
    [InlineData("npy", "\x93NUMPY\x01\0\x20\0secret=5up3r, secret=5up3r......")]
    [InlineData("npy", "PKsecret=5up3r")]
    [InlineData("npy", "\x93NUMPY\x01\0\x48\0{'descr': 'secret=5up3r', 'fortran_order': False, 'shape': (2, 2, 2), } ")]
    [InlineData("npy", "\x93NUMPY\x01\0\x48\0{'descr': '|u1', 'fortran_order': False, 'shape': (secret=5up3r), }     ")]
    public async Task Open_AFileOfAnotherKind_QuotesNothingOfIt(string source, string content)
    {
        var path = _folder.Write("file", [.. content.Select(c => (byte)c)]);

        var message = await RefusedAsync(source, path);

        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString("secr"u8), message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("5up3r", message, StringComparison.Ordinal);
    }

    /// <summary>On a thread of its own: before these files were refused, it never came back.</summary>
    private static async Task<string> RefusedAsync(string source, string path)
    {
        var spec = ASpec.With($"data.source={source}", $"data.path={path}").Data;
        var opening = Task.Factory.StartNew(
            () => Assert.Throws<DataException>(() => DataSources.Open(spec)).Message,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        return await opening.WaitAsync(Soon, TestContext.Current.CancellationToken);
    }
}
