using VaeCluster.Contracts.Runs;

namespace VaeCluster.Training.Pictures;

/// <summary>Many images as one picture: a grid with narrow gaps, magnified so that small images can be seen.</summary>
public static class ImageGrid
{
    /// <summary>Values of all images of one picture: 256 MiB of float32, of which a few copies are made.</summary>
    public const long ValuesMax = 1 << 26;

    private const int Gap = 2;
    private const byte GapShade = 48;
    private const int CellSideMin = 56;

    /// <summary>Draws images as a PNG file.</summary>
    /// <param name="images">Image after image, each channels by height by width, values in [0, 1]; what lies outside is cut off.</param>
    /// <param name="data">The size of an image.</param>
    /// <param name="columns">Images in a row.</param>
    public static byte[] Encode(ReadOnlySpan<float> images, DataDescription data, int columns)
    {
        ArgumentNullException.ThrowIfNull(data);
        var count = images.Length / data.Dimensions;
        var rows = (count + columns - 1) / columns;
        var zoom = Math.Max(1, CellSideMin / Math.Max(data.Height, data.Width));
        var channels = data.Channels == 3 ? 3 : 1;
        var (width, height) = (Extent(columns, data.Width * zoom), Extent(rows, data.Height * zoom));
        var pixels = new byte[width * height * channels];
        pixels.AsSpan().Fill(GapShade);
        for (var i = 0; i < count; i++)
        {
            var image = images.Slice(i * data.Dimensions, data.Dimensions);
            var (left, top) = (Extent(i % columns, data.Width * zoom), Extent(i / columns, data.Height * zoom));
            Place(image, data, zoom, channels, pixels, width, left, top);
        }
        return PngFile.Encode(pixels, width, height, channels);
    }

    private static int Extent(int cells, int cellSide) => Gap + (cells * (cellSide + Gap));

    private static void Place(ReadOnlySpan<float> image, DataDescription data, int zoom, int channels, byte[] pixels, int width, int left, int top)
    {
        for (var y = 0; y < data.Height * zoom; y++)
        {
            for (var x = 0; x < data.Width * zoom; x++)
            {
                for (var channel = 0; channel < channels; channel++)
                {
                    var value = image[(((channel * data.Height) + (y / zoom)) * data.Width) + (x / zoom)];
                    pixels[((((top + y) * width) + left + x) * channels) + channel] = Shade(value);
                }
            }
        }
    }

    private static byte Shade(float value) => float.IsNaN(value) ? (byte)0 : (byte)Math.Round(255 * Math.Clamp(value, 0f, 1f));
}
