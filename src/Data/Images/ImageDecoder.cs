using SkiaSharp;

namespace VaeCluster.Data.Images;

/// <summary>
/// Decodes PNG and JPEG files, distinguished by their first bytes and not by their names: grey ones to one channel, others to RGB, whatever is transparent
/// laid over white. Colour profiles, gamma and the orientation that cameras note are not applied.
/// </summary>
internal static unsafe class ImageDecoder
{
    /// <summary>Decodes a file in memory.</summary>
    /// <param name="file">All of it.</param>
    /// <exception cref="BadImageException">It is no valid image of a kind that is read.</exception>
    public static DecodedImage Decode(byte[] file)
    {
        if (file.Length == 0)
            throw new BadImageException("is empty");
        var kind = CheckMarkers(file);
        fixed (byte* start = file)
        {
            using var data = SKData.Create((nint)start, file.Length);
            using var stream = new SKMemoryStream(data);
            using var codec = SKCodec.Create(stream, out var result) ?? throw Damaged(kind, result);
            CheckSize(codec.Info.Width, codec.Info.Height);
            return ImageDecoding.WithRoomFor((long)codec.Info.Width * codec.Info.Height, () => Decode(codec, kind));
        }
    }

    /// <summary>What the codec would take without a word: files that end early, and inks.</summary>
    /// <returns>The name of the file's format.</returns>
    private static string CheckMarkers(byte[] file)
    {
        if (file.AsSpan().StartsWith(JpegMarkers.Start))
        {
            JpegMarkers.Check(file);
            return "JPEG";
        }
        if (!file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']))
            throw new BadImageException("is neither PNG nor JPEG by its first bytes");
        if (file.AsSpan().IndexOf("IEND"u8) < 0)
            throw new BadImageException("is truncated: a PNG file ends with IEND, and this one does not");
        return "PNG";
    }

    /// <summary>Refuses sizes that no buffer should be made for.</summary>
    private static void CheckSize(long width, long height)
    {
        if (width * height > DataLimits.ImagePixelsMax)
            throw new BadImageException($"is {width}x{height} pixels; at most {DataLimits.ImagePixelsMax} pixels are decoded");
    }

    private static DecodedImage Decode(SKCodec codec, string kind)
    {
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        var isGrey = codec.Info.ColorType == SKColorType.Gray8;
        // Without a colour space asked for, the samples stay as the file has them.
        var info = isGrey
            ? new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque)
            : new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var samples = new byte[info.BytesSize];
        fixed (byte* destination = samples)
        {
            var result = codec.GetPixels(info, (nint)destination);
            if (result != SKCodecResult.Success)
                throw Damaged(kind, result);
        }
        return isGrey ? new(width, height, 1, samples) : new(width, height, 3, ColorRules.OverWhite(samples));
    }

    private static BadImageException Damaged(string kind, SKCodecResult result) => new($"is a damaged {kind} file ({result})");
}
