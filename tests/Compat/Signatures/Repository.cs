namespace VaeCluster.Compat.Signatures;

/// <summary>Where the lists are. The full ones lie beside the repository and may be absent; the claims are committed.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string Claims => Path.Combine(Root, "tests", "Compat", "Signatures", "Claims");

    public static string RealLists => Path.GetFullPath(Path.Combine(Root, "..", "shared", "api"));

    public static bool HasRealLists => Directory.Exists(RealLists);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VaeCluster.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No VaeCluster.sln above '{AppContext.BaseDirectory}'; run the tests from a checkout.");
    }
}
