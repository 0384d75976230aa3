using System.Runtime.InteropServices;

namespace VaeCluster.Training.Runtime;

/// <summary>
/// Makes glibc keep what libtorch frees. Its defaults map every tensor above 128 KiB anew and return it at once, so that each step pays for
/// fresh pages: an eighth of the time of the MLP's step. See mallopt(3).
/// </summary>
internal static partial class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MapThreshold = -3;

    /// <summary>Larger blocks than this are mapped and returned; no tensor of a step is.</summary>
    private const int LargestKept = 1 << 30;

    /// <summary>The same, for versions of glibc that refuse more than half a thread's heap.</summary>
    private const int LargestKeptByOlderVersions = 1 << 25;

    /// <summary>Bytes by which a heap grows at once.</summary>
    private const int Growth = 1 << 26;

    /// <summary>Sets the limits; returns false where the C library has no such settings, as on macOS, Windows and musl.</summary>
    public static bool KeepFreed()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out var libc) || !NativeLibrary.TryGetExport(libc, "mallopt", out _))
            return false;
        var isMapped = SetOption(MapThreshold, LargestKept) == 1 || SetOption(MapThreshold, LargestKeptByOlderVersions) == 1;
        return isMapped & SetOption(TrimThreshold, int.MaxValue) == 1 & SetOption(TopPad, Growth) == 1;
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);
}
