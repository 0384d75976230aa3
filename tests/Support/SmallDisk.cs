using System.Diagnostics;

namespace VaeCluster.Tests.Support;

/// <summary>A folder, on a small disk of its own where this machine lets one mount one (a tmpfs, as root), so that it can be full.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    /// <summary>Enough for the ledgers, metrics and checkpoints of an hour's chaos.</summary>
    private const string Size = "512m";

    private readonly DirectoryInfo _folder;

    private SmallDisk(DirectoryInfo folder) => _folder = folder;

    public string Path => _folder.FullName;

    /// <summary>Whether it is a disk of its own. If not, filling it would fill somebody else's.</summary>
    public bool IsMounted { get; private init; }

    public static async Task<SmallDisk> CreateAsync(string size = Size)
    {
        var folder = Directory.CreateTempSubdirectory("vaecluster-chaos-");
        return new SmallDisk(folder) { IsMounted = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "vaecluster-chaos", folder.FullName) };
    }

    /// <summary>Leaves no byte free.</summary>
    /// <returns>The file that fills it: without it there is room again.</returns>
    public async Task<FileInfo> FillAsync()
    {
        Assert.True(IsMounted, "The folder has no disk of its own to fill.");
        var filler = new FileInfo(System.IO.Path.Combine(Path, "filler"));
        await using var content = new FileStream(filler.FullName, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[1 << 12];
        try
        {
            while (true)
                await content.WriteAsync(block, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // That was the last free page.
        }
        return filler;
    }

    public async ValueTask DisposeAsync()
    {
        if (IsMounted)
            Assert.True(await RunAsync("umount", Path), $"{Path} cannot be unmounted.");
        _folder.Delete(recursive: true);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
