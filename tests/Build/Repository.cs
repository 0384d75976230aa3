namespace VaeCluster.Build.Tests;

/// <summary>The repository that these tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration of these tests: they lie in bin/configuration/framework/.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string Read(string path) => File.ReadAllText(PathOf(path));

    public static string PathOf(string path) => Path.Combine(Root, path);

    /// <summary>Each project file, relative to the root.</summary>
    public static IEnumerable<string> Projects() =>
        new[] { "src", "tests", "eng" }.SelectMany(folder => Directory.GetFiles(PathOf(folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VaeCluster.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException(
            $"No folder above {AppContext.BaseDirectory} holds VaeCluster.sln; run the tests where they were built.");
    }
}
