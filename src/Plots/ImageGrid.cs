using ScottPlot;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Plots;

/// <summary>Many images in a grid with narrow gaps, magnified so that small images can be seen.</summary>
public static class ImageGrid
{
    /// <summary>Values of all images of one grid: 256 MiB of float32, of which a few copies are made.</summary>
    public const long ValuesMax = 1 << 26;

    private const int Gap = 2;
    private const int CellSideMin = 56;
    private static readonly Color GapColor = new(48, 48, 48);

    /// <summary>Renders images as a PNG file.</summary>
    /// <param name="images">Image after image, each channels by height by width, values in [0, 1]; what lies outside is cut off.</param>
    /// <param name="data">The size of an image.</param>
    /// <param name="columns">Images in a row.</param>
    public static byte[] RenderPng(ReadOnlySpan<float> images, DataDescription data, int columns)
    {
        ArgumentNullException.ThrowIfNull(data);
        var count = images.Length / data.Dimensions;
        var rows = (count + columns - 1) / columns;
        var zoom = PngCanvas.ZoomOf(data, CellSideMin);
        using var canvas = new PngCanvas(Extent(columns, data.Width * zoom), Extent(rows, data.Height * zoom), GapColor);
        for (var i = 0; i < count; i++)
        {
            var (left, top) = (Extent(i % columns, data.Width * zoom), Extent(i / columns, data.Height * zoom));
            canvas.RenderImage(images.Slice(i * data.Dimensions, data.Dimensions), data, left, top, zoom);
        }
        return canvas.Encode();
    }

    private static int Extent(int cells, int cellSide) => Gap + (cells * (cellSide + Gap));
}
