using System.Runtime.InteropServices;

namespace VaeCluster.Training.Runtime;

/// <summary>
/// Environment variables as native libraries see them: .NET keeps a copy of its own, and what is set there reaches no library of the same process.
/// </summary>
internal static partial class NativeEnvironment
{
    /// <summary>
    /// With one workspace of a fixed size a stream, cuBLAS chooses the same algorithm each time (cuBLAS, "Results Reproducibility"). It is read when CUDA
    /// loads.
    /// </summary>
    public const string CublasWorkspace = "CUBLAS_WORKSPACE_CONFIG";

    private const string FixedWorkspace = ":4096:8";

    /// <summary>Sets cuBLAS's workspace, unless somebody has; false where the platform has no <c>setenv</c>, and has to be told from outside.</summary>
    public static bool FixCublasWorkspace() =>
        (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()) && Set(CublasWorkspace, FixedWorkspace, overwrite: 0) == 0;

    /// <summary>What a native library reads; null where the variable is not set.</summary>
    internal static string? Read(string name) => Marshal.PtrToStringUTF8(Get(name));

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial IntPtr Get(string name);
}
