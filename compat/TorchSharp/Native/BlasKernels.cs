using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Native;

/// <summary>
/// Chooses OpenBLAS' kernels before it is loaded. A processor younger than the library is unknown to it and gets the
/// kernels of 2004: OpenBLAS 0.3.21 multiplies matrices at 33 GFLOP/s on an Emerald Rapids core that does 147 with
/// the AVX-512 ones. OPENBLAS_CORETYPE, where the user sets it, wins.
/// </summary>
internal static partial class BlasKernels
{
    private const string Variable = "OPENBLAS_CORETYPE";

    internal static void Choose()
    {
        if (!OperatingSystem.IsLinux() || Supported() is not { } kernels) return;

        // Environment.SetEnvironmentVariable would not do: native code does not see it.
        if (SetVariable(Variable, kernels, overwrite: 0) != 0)
            throw new InvalidOperationException($"{Variable} could not be set (errno {Marshal.GetLastPInvokeError()}); set it to {kernels} in the environment.");
    }

    private static string? Supported()
    {
        if (Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512CD.IsSupported) return "SkylakeX";
        return Avx2.IsSupported && Fma.IsSupported ? "Haswell" : null;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
