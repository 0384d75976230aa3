using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace VaeCluster.Build.Tests;

/// <summary>What can be seen of the image without building it.</summary>
public sealed partial class ContainerfileTests
{
    private const string TorchSharpNeeds = "3.4.32";

    /// <summary>The newest GLIBCXX of images that a silo might be built upon, by the distribution that they are made from.</summary>
    private static readonly Dictionary<string, string> Runtimes = new()
    {
        ["mcr.microsoft.com/dotnet/aspnet:10.0"] = "3.4.33", // Ubuntu 24.04, GCC 14
        ["mcr.microsoft.com/dotnet/aspnet:10.0-noble"] = "3.4.33",
        ["mcr.microsoft.com/dotnet/aspnet:10.0-azurelinux3.0"] = "3.4.32", // GCC 13
        ["mcr.microsoft.com/dotnet/aspnet:9.0"] = "3.4.30", // Debian 12, GCC 12
        ["mcr.microsoft.com/dotnet/aspnet:8.0"] = "3.4.30",
        ["mcr.microsoft.com/dotnet/aspnet:8.0-jammy"] = "3.4.30", // Ubuntu 22.04, GCC 12
    };

    /// <summary>The instructions, each in one line.</summary>
    private static readonly string[] Lines =
        [.. Repository.Read("k8s/Containerfile").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(line => line.Trim())];

    [Fact]
    public void BaseImage_HasTheRuntimeThatTorchSharpNeeds()
    {
        var image = Lines.Last(line => line.StartsWith("FROM ", StringComparison.Ordinal)).Split(' ')[1];

        Assert.True(Runtimes.TryGetValue(image, out var newest), $"The table in this test lacks {image}; add it with its libstdc++.");
        Assert.True(
            Version.Parse(newest) >= Version.Parse(TorchSharpNeeds),
            $"The libstdc++ of {image} ends at GLIBCXX_{newest}; TorchSharp's library needs {TorchSharpNeeds}. Take a newer image.");
    }

    /// <summary>Each project that the image is made of is restored before its sources are copied.</summary>
    [Fact]
    public void Restore_HasEveryProjectAndPropertyFile()
    {
        var copied = Copied(before: "RUN dotnet restore");
        var projects = new HashSet<string>();
        Follow("src/Silo/VaeCluster.Silo.csproj", projects);
        Follow("src/Client/VaeCluster.Client.csproj", projects);
        string[] shared =
        [
            "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
            "eng/Precompiler/Precompiler.targets", "eng/TorchPatcher/TorchPatcher.targets",
        ];

        Assert.Contains("eng/TorchPatcher/VaeCluster.TorchPatcher.csproj", projects);
        Assert.All(
            projects.Concat(shared),
            file => Assert.True(IsCopied(file, copied), $"{file} is not copied before the packages are restored; add a COPY for it."));
    }

    [Fact]
    public void Dockerignore_LetsThroughWhatIsCopied()
    {
        var allowed = Repository.Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();

        Assert.All(
            Copied(before: null),
            source => Assert.True(
                allowed.Exists(entry => source == entry || source.StartsWith(entry + "/", StringComparison.Ordinal)),
                $".dockerignore keeps {source} out; add !{source}."));
    }

    /// <summary>Lock files hold for a restore without a runtime identifier, so the image's restore must name one on each line.</summary>
    [Fact]
    public void Restore_NamesItsRuntime()
    {
        var restores = Lines.SelectMany(line => line.Split("&&"))
            .Where(command => DotnetRestores().IsMatch(command))
            .ToList();

        Assert.Equal(4, restores.Count);
        Assert.All(restores, command => Assert.Contains("--runtime linux-x64", command, StringComparison.Ordinal));
    }

    /// <summary>What COPY lines take from the repository.</summary>
    private static List<string> Copied(string? before) =>
    [
        .. Lines.TakeWhile(line => before is null || !line.StartsWith(before, StringComparison.Ordinal))
            .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]),
    ];

    private static bool IsCopied(string file, List<string> copied) => copied.Exists(source =>
        source == file
        || file.StartsWith(source + "/", StringComparison.Ordinal)
        || (source.EndsWith("/*.csproj", StringComparison.Ordinal) && Path.GetDirectoryName(file) == Path.GetDirectoryName(source)));

    private static void Follow(string project, HashSet<string> projects)
    {
        if (!projects.Add(project))
            return;
        var references = XDocument.Parse(Repository.Read(project)).Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")!.Value)
            .ToList();
        if (project.EndsWith("Training.csproj", StringComparison.Ordinal))
            references.Add("../../eng/TorchPatcher/VaeCluster.TorchPatcher.csproj"); // By TorchPatcher.targets.
        var folder = Repository.PathOf(Path.GetDirectoryName(project)!);
        foreach (var reference in references)
            Follow(Path.GetRelativePath(Repository.Root, Path.GetFullPath(reference, folder)), projects);
    }

    [GeneratedRegex("dotnet (restore|publish)")]
    private static partial Regex DotnetRestores();
}
