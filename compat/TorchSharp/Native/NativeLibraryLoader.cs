using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>Finds libvaecluster_torch.so beside this assembly, and says what to do where it, or libtorch, is missing.</summary>
internal static class NativeLibraryLoader
{
    internal const string LibraryName = "vaecluster_torch";
    private const string FileName = "libvaecluster_torch.so";

    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLoader).Assembly, Resolve);

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (libraryName != LibraryName) return 0;

        BlasKernels.Choose();
        return Load(Path.Combine(AppContext.BaseDirectory, FileName));
    }

    /// <exception cref="DllNotFoundException">It is not there, or it lacks libtorch; the message says what to do.</exception>
    internal static nint Load(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException error)
        {
            throw new DllNotFoundException(Explain(path), error);
        }
    }

    private static string Explain(string path) => File.Exists(path)
        ? $"{path} was found but could not be loaded; most likely libtorch is not installed. Run `make setup`, or install the packages libtorch-dev and libopenblas0-openmp."
        : $"{path} was not found. It is built together with VaeCluster.Compat.TorchSharp.dll and has to lie in the program's folder: build again, and copy both.";
}
