using System.Runtime.InteropServices;

namespace VaeCluster.Tests.Support;

/// <summary>Makes JPEG files with libturbojpeg.</summary>
internal static unsafe partial class JpegWriter
{
    public const int Rgb = 0;
    public const int Grey = 6;
    public const int Cmyk = 11;

    /// <param name="format">One of the constants.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="samples">Pixel after pixel, row after row.</param>
    /// <param name="isProgressive">In several scans.</param>
    public static byte[] Encode(int format, int width, int height, byte[] samples, bool isProgressive = false)
    {
        const int Subsampling444 = 0;
        const int SubsamplingGrey = 3;
        const int Progressive = 16384;
        var handle = InitCompress();
        byte* file = null;
        try
        {
            CULong size;
            fixed (byte* source = samples)
                Assert.Equal(0, Compress(handle, source, width, 0, height, format, &file, &size, format == Grey ? SubsamplingGrey : Subsampling444, 95, isProgressive ? Progressive : 0));
            return new Span<byte>(file, checked((int)size.Value)).ToArray();
        }
        finally
        {
            Free(file);
            Assert.Equal(0, Destroy(handle));
        }
    }

    [LibraryImport("libturbojpeg.so.0", EntryPoint = "tjInitCompress")]
    private static partial nint InitCompress();

    [LibraryImport("libturbojpeg.so.0", EntryPoint = "tjCompress2")]
    private static partial int Compress(nint handle, byte* source, int width, int pitch, int height, int format, byte** file, CULong* size, int subsampling, int quality, int flags);

    [LibraryImport("libturbojpeg.so.0", EntryPoint = "tjFree")]
    private static partial void Free(byte* file);

    [LibraryImport("libturbojpeg.so.0", EntryPoint = "tjDestroy")]
    private static partial int Destroy(nint handle);
}
