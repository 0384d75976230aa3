namespace VaeCluster.Data.Images;

/// <summary>Decodes PNG and JPEG files, told apart by their first bytes and not by their names.</summary>
internal static class ImageDecoder
{
    /// <summary>Larger images are refused: each processor decodes one at a time, and files that claim more are mostly made to.</summary>
    public const long PixelsMax = 64_000_000;

    /// <summary>Decodes a file in memory. The codecs must be there: <see cref="Native.NativeLibraries.Require"/>.</summary>
    /// <param name="file">All of it.</param>
    /// <exception cref="BadImageException">It is no valid image of a kind that we read.</exception>
    public static DecodedImage Decode(byte[] file)
    {
        if (file.Length == 0)
            throw new BadImageException("is empty");
        if (file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
            return JpegDecoder.Decode(file);
        if (file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']))
            return PngDecoder.Decode(file);
        throw new BadImageException($"is neither PNG nor JPEG: it starts with the bytes {Convert.ToHexString(file.AsSpan(0, Math.Min(4, file.Length)))}");
    }

    /// <summary>Refuses sizes that no buffer should be made for.</summary>
    public static void CheckSize(long width, long height)
    {
        if (width < 1 || height < 1)
            throw new BadImageException($"is {width}x{height} pixels, which is nothing");
        if (width * height > PixelsMax)
            throw new BadImageException($"is {width}x{height} pixels; at most {PixelsMax} pixels are decoded");
    }
}
