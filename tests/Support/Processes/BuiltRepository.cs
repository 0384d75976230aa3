namespace VaeCluster.Tests.Support.Processes;

/// <summary>Where this repository is, and the programs that were built in it along with this one.</summary>
internal static class BuiltRepository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of the real digits beside the repository; null where it is not there.</summary>
    public static string? Digits { get; } =
        Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", "mnist")) is var folder && Directory.Exists(folder) ? folder : null;

    /// <summary>The program of a project, of the same configuration as this one.</summary>
    /// <param name="project">The folder below <c>src</c>, e.g. <c>Silo</c>.</param>
    /// <param name="program">The name of the program, e.g. <c>vaesilo</c>.</param>
    public static string Program(string project, string program) => FindBuilt($"src/{project}", program);

    private static string FindBuilt(string folder, string name)
    {
        // Tests lie in bin/<configuration>/<framework>/, and so does what else is built.
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(Root, folder, "bin", framework.Parent!.Name, framework.Name, name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there; build {folder} in the configuration {framework.Parent.Name} first.");
    }

    /// <summary>The assembly of extensions in <c>tests/Extensions</c>.</summary>
    public static string Extension => FindBuilt("tests/Extensions", "VaeCluster.Extensions.Sample.dll");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VaeCluster.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException(
            $"No folder above {AppContext.BaseDirectory} holds VaeCluster.sln; run the program where it was built.");
    }
}
