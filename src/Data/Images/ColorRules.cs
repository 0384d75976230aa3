namespace VaeCluster.Data.Images;

/// <summary>What becomes of colours that are not those asked for. Whole numbers only, so that every machine gets the same bits.</summary>
internal static class ColorRules
{
    /// <summary>A sample of some opacity over white, rounded: (a s + (255 - a) 255 + 127) / 255.</summary>
    public static byte OverWhite(byte sample, byte alpha) => (byte)(((alpha * sample) + ((255 - alpha) * 255) + 127) / 255);

    /// <summary>Pixels of red, green, blue and opacity, over white: pixels of red, green and blue.</summary>
    public static byte[] OverWhite(ReadOnlySpan<byte> rgba)
    {
        var rgb = new byte[rgba.Length / 4 * 3];
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            for (var channel = 0; channel < 3; channel++)
                rgb[to + channel] = OverWhite(rgba[from + channel], rgba[from + 3]);
        }
        return rgb;
    }

    /// <summary>The luma of ITU-R BT.601, rounded: (299 R + 587 G + 114 B + 500) / 1000.</summary>
    public static byte Luma(byte red, byte green, byte blue) => (byte)(((299 * red) + (587 * green) + (114 * blue) + 500) / 1000);

    /// <summary>The image with 1 or 3 channels: grey is repeated in each colour, colours give their luma.</summary>
    public static DecodedImage WithChannels(DecodedImage image, int channels)
    {
        if (image.Channels == channels)
            return image;
        var pixels = new byte[image.Width * image.Height * channels];
        for (var i = 0; i < image.Width * image.Height; i++)
        {
            if (channels == 1)
                pixels[i] = Luma(image.Pixels[3 * i], image.Pixels[(3 * i) + 1], image.Pixels[(3 * i) + 2]);
            else
                pixels.AsSpan(3 * i, 3).Fill(image.Pixels[i]);
        }
        return new(image.Width, image.Height, channels, pixels);
    }
}
