using System.Runtime.InteropServices;
using VaeCluster.Data.Native;

namespace VaeCluster.Data.Images;

/// <summary>Decodes JPEG files with libturbojpeg: grey ones to one channel, those of luma and chroma to RGB.</summary>
internal static unsafe class JpegDecoder
{
    public static DecodedImage Decode(byte[] file)
    {
        var handle = TurboJpeg.InitDecompress();
        if (handle == 0)
            throw new InvalidOperationException("libturbojpeg gave no decoder; memory is short.");
        try
        {
            fixed (byte* start = file)
                return Decode(handle, start, new CULong((nuint)file.Length));
        }
        finally
        {
            Check(handle, TurboJpeg.Destroy(handle), "cannot be closed");
        }
    }

    private static DecodedImage Decode(nint handle, byte* file, CULong size)
    {
        Check(handle, TurboJpeg.DecompressHeader(handle, file, size, out var width, out var height, out _, out var space), "is a damaged JPEG file");
        // What their numbers mean depends on an ink profile that we do not have; guesses come out as negatives.
        if (space is TurboJpeg.SpaceCmyk or TurboJpeg.SpaceYcck)
            throw new BadImageException("is a JPEG file of four inks (CMYK); convert it to RGB");
        ImageDecoder.CheckSize(width, height);
        var isGrey = space == TurboJpeg.SpaceGrey;
        var channels = isGrey ? 1 : 3;
        var pixels = new byte[width * height * channels];
        fixed (byte* destination = pixels)
        {
            var flags = TurboJpeg.AccurateTransform | TurboJpeg.StopOnWarning | TurboJpeg.LimitScans;
            Check(handle, TurboJpeg.Decompress(handle, file, size, destination, width, width * channels, height, isGrey ? TurboJpeg.PixelGrey : TurboJpeg.PixelRgb, flags), "is a damaged JPEG file");
        }
        return new(width, height, channels, pixels);
    }

    private static void Check(nint handle, int result, string problem)
    {
        if (result != 0)
            throw new BadImageException($"{problem} ({Marshal.PtrToStringUTF8(TurboJpeg.GetError(handle))})");
    }
}
