using System.Globalization;
using VaeCluster.TorchPatcher;

namespace VaeCluster.Build.Tests;

public sealed class PatcherTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("torch-patcher-").FullName;

    private string Output => Path.Combine(_folder, "out", TorchLibraries.Name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_WritesALibraryThatLoads_AndLeavesItsInputAsItWas()
    {
        var before = (Bytes: TorchLibraries.Real(), Written: File.GetLastWriteTimeUtc(TorchLibraries.RealPath));

        var result = Run(TorchLibraries.RealPath, TorchLibraries.LibTorchFolder);

        Assert.Equal(PatchOutcome.Patched, result.Outcome);
        Assert.Equal($"{TorchLibraries.RealPath} was patched to load without GLIBCXX_3.4.32.", result.Sentence);
        Assert.Null(LibraryLoad.Try(Output, [TorchLibraries.LibTorchFolder]));
        Assert.Equal(before, (TorchLibraries.Real(), File.GetLastWriteTimeUtc(TorchLibraries.RealPath)), Same);
        Assert.Equal([Output], Directory.GetFileSystemEntries(Path.GetDirectoryName(Output)!));
    }

    [Fact]
    public void Run_OverAnEarlierResult_ReplacesTheFile_AndLeavesLinksToIt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Output)!);
        File.WriteAllText(Output, "earlier");
        using var open = File.OpenRead(Output);

        Run(TorchLibraries.RealPath, TorchLibraries.LibTorchFolder);

        Assert.Equal("earlier", new StreamReader(open).ReadToEnd());
        Assert.Equal(TorchLibraries.Patched(), File.ReadAllBytes(Output));
    }

    [Fact]
    public async Task Run_SeveralTimesAtOnce_LeavesOneCompleteResult()
    {
        var runs = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Run(TorchLibraries.RealPath, TorchLibraries.LibTorchFolder)));

        var results = await Task.WhenAll(runs);

        Assert.All(results, result => Assert.Equal(PatchOutcome.Patched, result.Outcome));
        Assert.Equal(TorchLibraries.Patched(), await File.ReadAllBytesAsync(Output, TestContext.Current.CancellationToken));
        Assert.Equal([Output], Directory.GetFileSystemEntries(Path.GetDirectoryName(Output)!));
    }

    [Fact]
    public void Run_WhereTheResultDoesNotLoad_SaysWhy_AndLeavesNothing()
    {
        var result = Run(TorchLibraries.RealPath);

        Assert.Equal(PatchOutcome.DoesNotLoad, result.Outcome);
        var start = $"{Output} was patched for this machine's libstdc++ and does not load: ";
        Assert.StartsWith(start, result.Sentence, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(Output)!));
    }

    [Fact]
    public void Run_WhereNothingIsToDo_WritesNothing()
    {
        var result = Run(Given(TorchLibraries.Patched()), TorchLibraries.LibTorchFolder);

        Assert.Equal(PatchOutcome.AlreadyPatched, result.Outcome);
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void TryLoad_OfAFileThatEndsTheProcess_SaysSo()
    {
        var truncated = Given(TorchLibraries.Real()[..1_000_000]);

        Assert.NotNull(LibraryLoad.Try(truncated, [TorchLibraries.LibTorchFolder]));
    }

    /// <summary>The program itself, as the build runs it: the exit code is the outcome, and there is one line.</summary>
    [Theory]
    [InlineData("truncated", (int)PatchOutcome.Damaged)]
    [InlineData("text", (int)PatchOutcome.NotElf)]
    [InlineData("patched", (int)PatchOutcome.AlreadyPatched)]
    [InlineData("other", (int)PatchOutcome.NothingToPatch)]
    [InlineData("newer", (int)PatchOutcome.AnotherVersion)]
    [InlineData("absent", (int)PatchOutcome.Failed)]
    public async Task Program_EndsWithItsOutcome_AndOneSentence(string library, int exitCode)
    {
        var input = library switch
        {
            "truncated" => Given(TorchLibraries.Real()[..^1]),
            "text" => Given([.. "text"u8]),
            "patched" => Given(TorchLibraries.Patched()),
            "other" => Given(TorchLibraries.Asking("GLIBCXX_3.4.32", forVersion: "GLIBCXX_3.4.9")),
            "newer" => Given(TorchLibraries.Renaming("GLIBCXX_3.4.30", "GLIBCXX_3.4.99")),
            _ => Path.Combine(_folder, "absent.so"),
        };

        var result = await ProgramResult.OfDotnetAsync(typeof(Patcher).Assembly.Location, input, Output, TorchLibraries.LibTorchFolder);

        Assert.Equal((exitCode, ""), (result.ExitCode, result.Error));
        Assert.StartsWith(input, Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public async Task Program_Always_WritesALibraryThatLoads()
    {
        var result = await ProgramResult.OfDotnetAsync(
            typeof(Patcher).Assembly.Location, TorchLibraries.RealPath, Output, "--always", TorchLibraries.LibTorchFolder);

        Assert.Equal((0, $"{TorchLibraries.RealPath} was patched to load without GLIBCXX_3.4.32.\n"), (result.ExitCode, result.All));
        Assert.Equal(TorchLibraries.Patched(), await File.ReadAllBytesAsync(Output, TestContext.Current.CancellationToken));
    }

    /// <summary>What the build made, which every program here runs with: the patched copy if and only if this machine needs it.</summary>
    [Fact]
    public void Build_OnThisMachine_LeavesALibraryThatLoads()
    {
        var isNeeded = !CppRuntime.Versions().Contains("GLIBCXX_3.4.32");
        var used = isNeeded ? TorchLibraries.PatchedPath : TorchLibraries.RealPath;

        Assert.Null(LibraryLoad.Try(used, [TorchLibraries.LibTorchFolder]));
    }

    [Fact]
    public void Versions_OfThisMachine_AreThoseOfLibstdcpp()
    {
        var versions = CppRuntime.Versions();

        Assert.Superset(new HashSet<string> { "GLIBCXX_3.4", "GLIBCXX_3.4.21", "CXXABI_1.3" }, versions.ToHashSet());
    }

    private static bool Same((byte[] Bytes, DateTime Written) one, (byte[] Bytes, DateTime Written) other) =>
        one.Bytes.AsSpan().SequenceEqual(other.Bytes) && one.Written == other.Written;

    private string Given(byte[] library)
    {
        var path = Path.Combine(_folder, $"given-{library.Length.ToString(CultureInfo.InvariantCulture)}.so");
        File.WriteAllBytes(path, library);
        return path;
    }

    private PatchResult Run(string input, params string[] folders) => Patcher.Run(input, Output, folders, TorchLibraries.Debian12);
}
