using System.Reflection;
using System.Runtime.InteropServices;

namespace VaeCluster.Data.Native;

/// <summary>Finds the codecs by the names that their packages install, so that no development package is needed to run.</summary>
internal static class NativeLibraries
{
    public const string TurboJpeg = "turbojpeg";
    public const string Spng = "spng";

    // Once for the assembly: the runtime takes no second resolver.
    static NativeLibraries() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    /// <summary>Checks that the codecs are there, before anything is asked of them.</summary>
    /// <exception cref="DataException">One is not.</exception>
    public static void Require()
    {
        foreach (var name in (string[])[TurboJpeg, Spng])
        {
            if (Resolve(name, typeof(NativeLibraries).Assembly, null) == 0)
                throw new DataException("data.source", $"data.source is images, and the library lib{name}, which decodes them, is not on this machine.", "Install what is missing: apt-get install libturbojpeg0-dev libspng-dev.");
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name is not (TurboJpeg or Spng))
            return 0;
        return NativeLibrary.TryLoad($"lib{name}.so.0", assembly, path, out var handle) || NativeLibrary.TryLoad(name, assembly, path, out handle) ? handle : 0;
    }
}
