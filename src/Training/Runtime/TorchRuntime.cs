using System.Runtime.InteropServices;
using TorchSharp;

namespace VaeCluster.Training.Runtime;

/// <summary>
/// Loads libtorch before anything else needs it. That takes seconds from a cold disk and holds the loader's lock, so it must not
/// happen in a silo that has joined a cluster; and where it fails, TorchSharp by itself would copy libraries about in NuGet's cache.
/// </summary>
public static class TorchRuntime
{
    private static readonly Lazy<bool> Loaded = new(LoadOnce);

    /// <summary>Loads libtorch, the first time that it is called.</summary>
    /// <exception cref="TorchRuntimeException">It cannot be loaded.</exception>
    public static void Load() => _ = Loaded.Value;

    /// <summary>Checks the files of libtorch, then loads the library that TorchSharp calls.</summary>
    /// <param name="folders">Where the runtime looks for native libraries.</param>
    /// <exception cref="TorchRuntimeException">It cannot be loaded.</exception>
    internal static void LoadFrom(IReadOnlyList<string> folders)
    {
        var files = TorchFiles.Find(folders);
        if (files.Missing.Count > 0)
            throw new TorchRuntimeException(TorchLoadFailure.Missing(files.Missing, files.Folder));
        if (files.Present.FirstOrDefault(NativeFile.IsTruncated) is { } truncated)
            throw new TorchRuntimeException(TorchLoadFailure.Truncated(truncated));
        Try(() => NativeLibrary.Load(files.TorchSharp));
    }

    private static bool LoadOnce()
    {
        NativeEnvironment.FixCublasWorkspace();
        LoadFrom(SearchFolders());
        NativeMemory.KeepFreed();
        // The first tensor makes libtorch set up the rest of itself.
        Try(() => torch.zeros(1).Dispose());
        return true;
    }

    private static void Try(Action load)
    {
        try
        {
            load();
        }
        catch (Exception e) when (
            e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
                or TypeInitializationException or NotSupportedException)
        {
            throw new TorchRuntimeException(TorchLoadFailure.Describe(e.GetBaseException().Message), e);
        }
    }

    /// <summary>The folders of the native libraries that the program's .deps.json names, and the program's own.</summary>
    private static string[] SearchFolders()
    {
        var folders = (string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "";
        return [.. folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), AppContext.BaseDirectory];
    }
}
