using ScottPlot;
using SkiaSharp;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Plots;

/// <summary>A canvas that becomes a PNG file: 8 bits a channel, without transparency.</summary>
internal sealed class PngCanvas : IDisposable
{
    private readonly SKBitmap _bitmap;

    /// <summary>An empty canvas.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="background">What is seen where nothing is rendered.</param>
    public PngCanvas(int width, int height, Color background)
    {
        _bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Canvas = new SKCanvas(_bitmap);
        Canvas.Clear(background.ToSKColor());
    }

    /// <summary>What to render on.</summary>
    public SKCanvas Canvas { get; }

    /// <summary>How often small images are magnified, so that their longer side comes near to one that can be seen.</summary>
    public static int ZoomOf(DataDescription data, int sideMin) => Math.Max(1, sideMin / Math.Max(data.Height, data.Width));

    /// <summary>Renders one image; each of its values becomes a square.</summary>
    /// <param name="image">Channels by height by width, values in [0, 1]; what lies outside is cut off, and NaN is black.</param>
    /// <param name="data">The size of an image.</param>
    /// <param name="left">Its place, in pixels.</param>
    /// <param name="top">Its place, in pixels.</param>
    /// <param name="zoom">Side of the squares, in pixels.</param>
    public void RenderImage(ReadOnlySpan<float> image, DataDescription data, int left, int top, int zoom)
    {
        using var bitmap = BitmapOf(image, data);
        bitmap.SetImmutable();
        using var source = SKImage.FromBitmap(bitmap);
        Canvas.DrawImage(source, SKRect.Create(left, top, data.Width * zoom, data.Height * zoom), new SKSamplingOptions(SKFilterMode.Nearest));
    }

    /// <summary>The file.</summary>
    public byte[] Encode()
    {
        Canvas.Flush();
        using var pixels = _bitmap.PeekPixels();
        using var file = pixels.Encode(SKPngEncoderOptions.Default)
            ?? throw new InvalidOperationException($"An image of {_bitmap.Width}x{_bitmap.Height} pixels could not be encoded as PNG.");
        return file.ToArray();
    }

    public void Dispose()
    {
        Canvas.Dispose();
        _bitmap.Dispose();
    }

    private static SKBitmap BitmapOf(ReadOnlySpan<float> image, DataDescription data)
    {
        var plane = data.Width * data.Height;
        var (green, blue) = data.Channels == 3 ? (plane, 2 * plane) : (0, 0);
        var bitmap = new SKBitmap(new SKImageInfo(data.Width, data.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var pixels = bitmap.GetPixelSpan();
        for (var i = 0; i < plane; i++)
        {
            pixels[4 * i] = Shade(image[i]);
            pixels[(4 * i) + 1] = Shade(image[green + i]);
            pixels[(4 * i) + 2] = Shade(image[blue + i]);
            pixels[(4 * i) + 3] = byte.MaxValue;
        }
        return bitmap;
    }

    private static byte Shade(float value) => float.IsNaN(value) ? (byte)0 : (byte)Math.Round(255 * Math.Clamp(value, 0f, 1f));
}
