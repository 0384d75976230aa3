namespace VaeCluster.Tests.Training.Workers;

/// <summary>Finds the ten thousand digits that some machines have beside the repository.</summary>
internal static class RealDigits
{
    /// <summary>The folder of the IDX files; null where there is none.</summary>
    public static string? Folder
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var candidate = Path.Combine(folder.FullName, "shared", "data", "mnist");
                if (Directory.Exists(candidate))
                    return candidate;
            }
            return null;
        }
    }
}
