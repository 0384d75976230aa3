using System.Xml.Linq;

namespace VaeCluster.Build.Tests;

/// <summary><c>eng/check-space</c>, with a <c>df</c> that reports what a test wants.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class CheckSpaceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("check-space-").FullName;

    private string Cache => Path.Combine(_folder, "packages");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private const string LargerCache = "free space, or set NUGET_PACKAGES to a folder on a larger disk.";

    [Fact]
    public async Task Check_OnOneDisk_NeedsRoomForBoth()
    {
        var result = await CheckAsync(cacheMegabytes: 2599, cloneMegabytes: 2599, cacheMount: "/", cloneMount: "/");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"setup: / has 2599 MB free, and the first build needs 2600 MB there; {LargerCache}\n", result.All);
    }

    [Fact]
    public async Task Check_OnTwoDisks_SaysWhichOnesAreTooSmall()
    {
        var result = await CheckAsync(cacheMegabytes: 100, cloneMegabytes: 200, cacheMount: "/cache", cloneMount: "/work");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            $"setup: /cache (packages, {Cache}) has 100 MB free, and the first build needs 2100 MB there; {LargerCache}\n"
            + "setup: /work (this clone) has 200 MB free, and the first build needs 500 MB there; free space, or clone to a larger disk.\n",
            result.All);
    }

    [Fact]
    public async Task Check_WithRoom_SaysNothing()
    {
        var result = await CheckAsync(cacheMegabytes: 2600, cloneMegabytes: 2600, cacheMount: "/", cloneMount: "/");

        Assert.Equal((0, ""), (result.ExitCode, result.All));
    }

    [Fact]
    public async Task Check_OnceLibTorchIsInTheCache_SaysNothing()
    {
        var version = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("LibTorchVersion").Single().Value;
        var package = Directory.CreateDirectory(Path.Combine(Cache, "libtorch-cpu-linux-x64", version)).FullName;
        await File.WriteAllTextAsync(Path.Combine(package, ".nupkg.metadata"), "{}", TestContext.Current.CancellationToken);

        var result = await CheckAsync(cacheMegabytes: 1, cloneMegabytes: 1, cacheMount: "/", cloneMount: "/");

        Assert.Equal((0, ""), (result.ExitCode, result.All));
    }

    [Fact]
    public async Task Setup_WithoutRoom_StopsThere()
    {
        var result = await CheckAsync(1, 1, "/", "/", program: "eng/setup");

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("setup: / has 1 MB free", result.All, StringComparison.Ordinal);
    }

    private async Task<ProgramResult> CheckAsync(
        int cacheMegabytes, int cloneMegabytes, string cacheMount, string cloneMount, string program = "eng/check-space")
    {
        var tools = Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName;
        var df = Path.Combine(tools, "df");
        await File.WriteAllTextAsync(df, $"""
            #!/bin/sh
            echo "Filesystem 1024-blocks Used Available Capacity Mounted on"
            case "$2" in
              {_folder}*) echo "disk 0 0 {cacheMegabytes * 1024L} 0% {cacheMount}" ;;
              *) echo "disk 0 0 {cloneMegabytes * 1024L} 0% {cloneMount}" ;;
            esac
            """, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(df, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return await ProgramResult.RunAsync(Repository.PathOf(program), [], new()
        {
            ["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}",
            ["NUGET_PACKAGES"] = Cache,
        });
    }
}
