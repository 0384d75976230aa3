using VaeCluster.Contracts.Specs;

namespace VaeCluster.Data.Images;

/// <summary>From a file to the pixels of an example.</summary>
internal static class ImageReader
{
    /// <summary>Reads and decodes a file.</summary>
    /// <param name="folder">The folder of the data.</param>
    /// <param name="file">The file in it.</param>
    /// <param name="access">What it may use.</param>
    /// <exception cref="BadImageException">It cannot be used.</exception>
    public static DecodedImage Read(string folder, ImageFile file, DataAccess access)
    {
        var path = Path.Combine(folder, file.Name);
        try
        {
            return ImageDecoding.Decode(ReadAll(path, access));
        }
        catch (DataException e)
        {
            // Bytes that are no UTF-8 become U+FFFD in a listing, and the name that they had is lost.
            throw new BadImageException(file.Name.Contains('\uFFFD', StringComparison.Ordinal)
                ? "has a name that is not UTF-8 and must be renamed"
                : e.Error.Problem.Replace($"{path} ", "", StringComparison.Ordinal).TrimEnd('.'));
        }
        catch (IOException e)
        {
            throw new BadImageException($"cannot be read ({e.Message.TrimEnd('.')})");
        }
    }

    private static byte[] ReadAll(string path, DataAccess access)
    {
        using var file = access.OpenFile(path);
        if (file.Length > DataLimits.ImageFileBytesMax)
            throw new BadImageException($"has {file.Length} bytes; at most {DataLimits.ImageFileBytesMax} are allowed");
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
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
