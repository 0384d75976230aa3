using System.Runtime.InteropServices;

namespace VaeCluster.TorchPatcher;

/// <summary>The libstdc++ that this machine's loader takes.</summary>
internal static class CppRuntime
{
    /// <summary>The versions that it has.</summary>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    /// <exception cref="ElfFormatException">It cannot be read.</exception>
    public static IReadOnlySet<string> Versions() =>
        ElfLibrary.Read(File.ReadAllBytes(Path())).Definitions.Select(definition => definition.Version).ToHashSet(StringComparer.Ordinal);

    /// <summary>Asks the loader: distributions have it in different folders, and LD_LIBRARY_PATH may name another.</summary>
    private static string Path()
    {
        NativeLibrary.Load(LibraryPatch.Runtime);
        return File.ReadLines("/proc/self/maps")
            .Select(line => line[(line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var start ? start : line.Length)..])
            .First(path => System.IO.Path.GetFileName(path).StartsWith(LibraryPatch.Runtime, StringComparison.Ordinal));
    }
}
