using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static int get_num_threads() => NativeMethods.ThreadsGet();

    /// <summary>
    /// How many threads one operation may use. OpenMP keeps this number for each thread that calls it, and a BLAS
    /// that is built on OpenMP follows it, so a trainer sets it on its own thread.
    /// </summary>
    public static void set_num_threads(int num) => NativeCall.Check(NativeMethods.ThreadsSet(num));

    public static int get_num_interop_threads() => NativeMethods.InteropThreadsGet();

    /// <summary>How many operations run beside one another. Can be set once, and only before the first of them.</summary>
    public static void set_num_interop_threads(int num) => NativeCall.Check(NativeMethods.InteropThreadsSet(num));
}
