using System.Text.Json;
using System.Xml.Linq;

namespace VaeCluster.Build.Tests;

/// <summary>Which packages a restore takes, for which system, and how it says that it cannot.</summary>
public sealed class PackagesTests
{
    private const string Training = "src/Training/VaeCluster.Training.csproj";

    [Theory]
    [InlineData("linux-x64", "libtorch-cpu-linux-x64")]
    [InlineData("osx-arm64", "libtorch-cpu-osx-arm64")]
    [InlineData("win-x64", "libtorch-cpu-win-x64")]
    public async Task Cpu_TakesLibTorchOfTheSystem(string platform, string package) =>
        Assert.Equal(["TorchSharp", package], await TorchPackagesAsync($"-p:TorchPlatform={platform}"));

    [Fact]
    public async Task Cpu_ByDefault_TakesThatOfThisMachine()
    {
        var properties = await PropertiesAsync(Training, "TorchPlatform,NETCoreSdkPortableRuntimeIdentifier,TorchRuntime");

        Assert.Equal("cpu", properties["TorchRuntime"]);
        Assert.Equal(properties["NETCoreSdkPortableRuntimeIdentifier"], properties["TorchPlatform"]);
        Assert.Equal(["TorchSharp", $"libtorch-cpu-{properties["TorchPlatform"]}"], await TorchPackagesAsync());
    }

    [Fact]
    public async Task Cuda_TakesTheCudaPackageInstead() => Assert.Equal(
        ["TorchSharp", "TorchSharp-cuda-linux"],
        await TorchPackagesAsync("-p:TorchRuntime=cuda", "-p:TorchPlatform=linux-x64"));

    [Fact]
    public async Task Versions_FromTheCommandLine_AreTaken()
    {
        string[] packages = ["TorchSharp", "TorchSharp-cuda-linux", "libtorch-cpu-linux-x64", "Microsoft.Orleans.Server"];

        var result = await ProgramResult.OfDotnetAsync(
            "msbuild", Training, "-getItem:PackageVersion",
            "-p:TorchSharpVersion=1.2.3", "-p:LibTorchVersion=4.5.6", "-p:OrleansVersion=7.8.9");

        var versions = Items(result, "PackageVersion").ToDictionary(Identity, item => item.GetProperty("Version").GetString());
        Assert.Equal(["1.2.3", "1.2.3", "4.5.6", "7.8.9"], packages.Select(package => versions[package]));
    }

    /// <summary>Before NuGet's own error, and for whatever depends on libtorch. Nothing is restored.</summary>
    [Theory]
    [InlineData("linux-arm64", Training)]
    [InlineData("osx-x64", "src/Silo")]
    [InlineData("linux-musl-x64", "VaeCluster.sln")]
    [InlineData("win-arm64", "tests/Training")]
    public async Task Restore_ForASystemWithoutLibTorch_NamesThoseThatWork(string platform, string project)
    {
        var result = await ProgramResult.OfDotnetAsync("restore", project, $"-p:TorchPlatform={platform}");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(
            $"error VAE0002: There is no package of libtorch for '{platform}'; there is one for linux-x64, osx-arm64 and win-x64. "
            + "Build on one of these, or for one of them: -p:TorchPlatform=linux-x64. [",
            result.All,
            StringComparison.Ordinal);
        Assert.DoesNotContain("NU1", result.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_WithARuntimeWithoutLibTorch_SaysSoToo()
    {
        var result = await ProgramResult.OfDotnetAsync("restore", "src/Silo", "--runtime", "linux-arm64");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error VAE0002: There is no package of libtorch for 'linux-arm64';", result.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("restore")]
    [InlineData("build")]
    public async Task Restore_WithAnotherTorchRuntime_SaysWhichThereAre(string command)
    {
        var result = await ProgramResult.OfDotnetAsync(command, Training, "-p:TorchRuntime=rocm");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(
            "error VAE0001: TorchRuntime is 'rocm'; it must be cpu or cuda. "
            + "Pass -p:TorchRuntime=cpu or -p:TorchRuntime=cuda, or leave it out for cpu. [",
            result.All,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_OfCudaForAnotherSystem_SaysWhereItWorks()
    {
        var result = await ProgramResult.OfDotnetAsync("restore", "src/Silo", "-p:TorchRuntime=cuda", "-p:TorchPlatform=osx-arm64");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(
            "error VAE0003: There is no package of libtorch with CUDA for 'osx-arm64' here; there is one for linux-x64. "
            + "Build there, or for the CPU: -p:TorchRuntime=cpu. [",
            result.All,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_OfTheClient_NeedsNoLibTorch()
    {
        const string client = "src/Client/VaeCluster.Client.csproj";

        var result = await ProgramResult.OfDotnetAsync("msbuild", client, "-t:CollectPackageReferences", "-p:TorchPlatform=linux-arm64");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public void Locks_AreThereForEveryProject()
    {
        Assert.All(Repository.Projects(), project => Assert.True(
            File.Exists(Repository.PathOf(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"))),
            $"{project} has no packages.lock.json beside it; run make lock and commit it."));
    }

    [Theory]
    [InlineData("true", "true", "-p:TorchRuntime=cpu", "-p:CI=true")]
    [InlineData("true", "true", "-p:TorchRuntime=cpu", "-p:ContinuousIntegrationBuild=true")]
    [InlineData("true", "", "-p:TorchRuntime=cpu", "-p:CI=false")]
    [InlineData("true", "false", "-p:RestoreLockedMode=false", "-p:CI=true")]
    [InlineData("", "", "-p:TorchRuntime=cuda", "-p:CI=true")]
    [InlineData("", "", "-p:TorchPlatform=osx-arm64", "-p:CI=true")]
    [InlineData("", "", "-p:RuntimeIdentifier=linux-x64", "-p:CI=true")]
    [InlineData("", "", "-p:RuntimeIdentifiers=linux-x64", "-p:CI=true")]
    public async Task Locks_HoldOnlyForTheUsualBuild(string isUsed, string isLocked, params string[] arguments)
    {
        // What is usual is linux-x64, on which these tests may not run. Of two values MSBuild takes the last one.
        string[] all = ["-p:TorchPlatform=linux-x64", .. arguments];

        var properties = await PropertiesAsync(Training, "RestorePackagesWithLockFile,RestoreLockedMode,NuGetLockFilePath", all);

        Assert.Equal((isUsed, isLocked), (properties["RestorePackagesWithLockFile"], properties["RestoreLockedMode"]));
        // A lock file that lies beside the project would be used even so.
        Assert.Equal(isUsed != "true", properties["NuGetLockFilePath"].EndsWith("/obj/no.lock.json", StringComparison.Ordinal));
    }

    [Fact]
    public void Warnings_OfNuGet_AreErrors_AndNoneIsSwitchedOff()
    {
        string[] shared = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "tests/Directory.Build.props"];

        Assert.Equal("true", Elements("Directory.Build.props").Single(element => element.Name.LocalName == "TreatWarningsAsErrors").Value);
        Assert.All(Repository.Projects().Concat(shared), file => Assert.DoesNotContain(
            Elements(file).Where(element => element.Name.LocalName is "NoWarn" or "WarningsNotAsErrors"),
            element => element.Value.Contains("NU", StringComparison.Ordinal)));
    }

    /// <summary>Both where the library lies in runtimes/ (no runtime identifier) and for what is published.</summary>
    [Fact]
    public async Task Publish_TakesTheLibraryThatTheBuildTakes()
    {
        var used = File.Exists(TorchLibraries.PatchedPath) ? TorchLibraries.PatchedPath : TorchLibraries.RealPath;

        var result = await ProgramResult.OfDotnetAsync(
            "msbuild", Training, "-t:ResolveReferences;ComputeResolvedFilesToPublishList", $"-p:Configuration={Repository.Configuration}",
            "-p:BuildProjectReferences=false", "-p:CopyLocalLockFileAssemblies=true", "-getItem:ResolvedFileToPublish");

        var published = Items(result, "ResolvedFileToPublish")
            .Where(item => item.GetProperty("RelativePath").GetString() == "runtimes/linux-x64/native/libLibTorchSharp.so");
        Assert.Equal(Path.GetFullPath(used), Path.GetFullPath(Identity(Assert.Single(published))));
    }

    private static async Task<IEnumerable<string>> TorchPackagesAsync(params string[] arguments)
    {
        var result = await ProgramResult.OfDotnetAsync(["msbuild", Training, "-getItem:PackageReference", .. arguments]);
        return Items(result, "PackageReference").Select(Identity).Where(name => name.Contains("torch", StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<XElement> Elements(string file) => XDocument.Parse(Repository.Read(file)).Descendants();

    private static string Identity(JsonElement item) => item.GetProperty("Identity").GetString()!;

    private static async Task<Dictionary<string, string>> PropertiesAsync(string project, string names, params string[] arguments)
    {
        var result = await ProgramResult.OfDotnetAsync(["msbuild", project, $"-getProperty:{names}", .. arguments]);
        return Parse(result).GetProperty("Properties").EnumerateObject()
            .ToDictionary(property => property.Name, property => property.Value.GetString()!);
    }

    private static JsonElement.ArrayEnumerator Items(ProgramResult result, string kind) =>
        Parse(result).GetProperty("Items").GetProperty(kind).EnumerateArray();

    private static JsonElement Parse(ProgramResult result)
    {
        Assert.True(result.ExitCode == 0, result.All);
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
