namespace VaeCluster.Data;

/// <summary>Where what was decoded is kept for the next time.</summary>
public static class CacheFolder
{
    /// <summary>The environment variable that names it.</summary>
    public const string Variable = "VAECLUSTER_CACHE_DIR";

    /// <summary>What the variable names; without it <c>vaecluster</c> in XDG_CACHE_HOME, or in <c>~/.cache</c>.</summary>
    public static string Default
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
                return named;
            var caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home
                ? home
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");
            return Path.Combine(caches, "vaecluster");
        }
    }
}
