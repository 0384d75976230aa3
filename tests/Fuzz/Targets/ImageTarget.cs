using CsCheck;
using VaeCluster.Data.Images;
using VaeCluster.Tests.Support;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Image files, through the codec that a folder of images is decoded with.</summary>
internal sealed class ImageTarget(string name, params byte[][] valid) : FuzzTarget(name, 1.5)
{
    public static ImageTarget Png() => new(
        "png",
        PngWriter.Encode(PngWriter.Grey, 5, 4, new byte[20]),
        PngWriter.Encode(PngWriter.Rgb, 3, 3, new byte[27]),
        PngWriter.Encode(PngWriter.Grey, 64, 64, new byte[4096]));

    public static ImageTarget Jpeg() => new("jpeg", JpegWriter.Grey(16, 8, new byte[128]), JpegWriter.Rgb(8, 16, new byte[384]), JpegWriter.Progressive, JpegWriter.Cmyk);

    public override byte[] Make(PCG random) => random.Mutate(random.Of(valid));

    public override void Run(byte[] content)
    {
        var image = ImageDecoding.Decode(content);
        Assert.Equal(image.Width * image.Height * image.Channels, image.Pixels.Length);
    }

    public override bool IsDocumented(Exception e) => e is BadImageException;
}
