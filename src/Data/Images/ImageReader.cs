using VaeCluster.Contracts.Specs;

namespace VaeCluster.Data.Images;

/// <summary>From a file to the pixels of an example.</summary>
internal static class ImageReader
{
    private const long FileBytesMax = 256 << 20;

    /// <summary>Reads and decodes a file.</summary>
    /// <exception cref="BadImageException">It cannot be used.</exception>
    public static DecodedImage Read(string folder, ImageFile file)
    {
        try
        {
            if (file.Length > FileBytesMax)
                throw new BadImageException($"has {file.Length} bytes; at most {FileBytesMax} are allowed");
            return ImageDecoder.Decode(File.ReadAllBytes(Path.Combine(folder, file.Name)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Bytes that are no UTF-8 become U+FFFD in a listing, and the name that they had is lost.
            throw new BadImageException(file.Name.Contains('\uFFFD', StringComparison.Ordinal) && e is FileNotFoundException or DirectoryNotFoundException
                ? "has a name that is not UTF-8 and must be renamed"
                : $"cannot be read ({e.Message.TrimEnd('.')})");
        }
    }

    /// <summary>Cuts, resizes and colours an image as a spec asks.</summary>
    /// <exception cref="BadImageException">It is smaller than what is to be cut from it.</exception>
    public static void Fit(DecodedImage image, DataSpec spec, Span<byte> destination)
    {
        var shorter = Math.Min(image.Width, image.Height);
        if (spec.Crop > shorter)
            throw new BadImageException($"is {image.Width}x{image.Height} pixels, and data.crop asks for {spec.Crop}") { IsTooSmall = true };
        AreaResampler.Resize(ColorRules.WithChannels(image, spec.Channels), spec.Crop > 0 ? spec.Crop : shorter, spec.ImageSize, destination);
    }
}
