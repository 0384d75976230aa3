using System.Runtime.CompilerServices;
using VaeCluster.Data;

namespace VaeCluster.Tests.Support;

/// <summary>Gives the tests a cache of their own: they must leave nothing in that of whoever runs them, and find nothing there.</summary>
internal static class TestCache
{
    [ModuleInitializer]
    internal static void Create()
    {
        var folder = Directory.CreateTempSubdirectory("vaecluster-cache-").FullName;
        Environment.SetEnvironmentVariable(CacheFolder.Variable, folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
