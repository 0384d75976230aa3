using System.Runtime.InteropServices;

namespace VaeCluster.Data.Native;

/// <summary>The part of libturbojpeg's interface (2.x, kept by 3.x) that decodes. Functions that return an int return 0, or -1 after which the handle tells why.</summary>
internal static unsafe partial class TurboJpeg
{
    public const int PixelRgb = 0;
    public const int PixelGrey = 6;
    public const int SpaceGrey = 2;
    public const int SpaceCmyk = 3;
    public const int SpaceYcck = 4;

    /// <summary>The slow, exact inverse transform, whose vector versions give the bits of the plain one.</summary>
    public const int AccurateTransform = 4096;

    /// <summary>What the decoder would only warn of, as of a file that ends too early, is an error.</summary>
    public const int StopOnWarning = 8192;

    /// <summary>Refuses files whose hundreds of scans would take minutes each.</summary>
    public const int LimitScans = 32768;

    /// <summary>A handle for one thread at a time; 0 when memory is short. Freed with <see cref="Destroy"/>.</summary>
    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjInitDecompress")]
    public static partial nint InitDecompress();

    /// <summary>Reads size and colours of a whole file in memory.</summary>
    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjDecompressHeader3")]
    public static partial int DecompressHeader(nint handle, byte* file, CULong size, out int width, out int height, out int subsampling, out int colorSpace);

    /// <summary>Decodes into rows of <paramref name="pitch"/> bytes; the caller owns both buffers.</summary>
    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjDecompress2")]
    public static partial int Decompress(nint handle, byte* file, CULong size, byte* pixels, int width, int pitch, int height, int pixelFormat, int flags);

    /// <summary>The last error of a handle, as text that the handle owns.</summary>
    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjGetErrorStr2")]
    public static partial nint GetError(nint handle);

    /// <summary>Frees a handle.</summary>
    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjDestroy")]
    public static partial int Destroy(nint handle);
}
