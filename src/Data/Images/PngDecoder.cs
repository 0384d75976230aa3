using System.Runtime.InteropServices;
using VaeCluster.Data.Native;

namespace VaeCluster.Data.Images;

/// <summary>Decodes PNG files with libspng: grey ones to one channel, others to RGB, whatever is transparent laid over white.</summary>
internal static unsafe class PngDecoder
{
    private const int ChunkBytesMax = 64 << 20;
    private const int ColorGrey = 0;
    private const int ColorGreyWithAlpha = 4;

    public static DecodedImage Decode(byte[] file)
    {
        var context = Spng.New(0);
        if (context == 0)
            throw new InvalidOperationException("libspng gave no decoder; memory is short.");
        try
        {
            fixed (byte* start = file)
            {
                Check(Spng.SetChunkLimits(context, ChunkBytesMax, ChunkBytesMax));
                Check(Spng.SetBuffer(context, start, (nuint)file.Length));
                return Decode(context);
            }
        }
        finally
        {
            Spng.Free(context);
        }
    }

    private static DecodedImage Decode(nint context)
    {
        Check(Spng.GetHeader(context, out var header));
        ImageDecoder.CheckSize(header.Width, header.Height);
        var (width, height) = ((int)header.Width, (int)header.Height);
        var rgba = new byte[4 * width * height];
        fixed (byte* destination = rgba)
            Check(Spng.Decode(context, destination, (nuint)rgba.Length, Spng.FormatRgba8, Spng.DecodeTransparency));
        var channels = header.ColorType is ColorGrey or ColorGreyWithAlpha ? 1 : 3;
        var pixels = new byte[width * height * channels];
        for (var i = 0; i < width * height; i++)
        {
            for (var channel = 0; channel < channels; channel++)
                pixels[(i * channels) + channel] = ColorRules.OverWhite(rgba[(4 * i) + channel], rgba[(4 * i) + 3]);
        }
        return new(width, height, channels, pixels);
    }

    private static void Check(int code)
    {
        if (code != 0)
            throw new BadImageException($"is a damaged PNG file ({Marshal.PtrToStringUTF8(Spng.ErrorText(code))})");
    }
}
