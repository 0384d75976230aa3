using VaeCluster.Contracts.Runs;

namespace VaeCluster.Training.Pictures;

/// <summary>Images in rows and columns on white, with a title and with labels beside the rows and below the columns.</summary>
public sealed class ImageSheet
{
    private const double TitleHeight = 12;
    private const double LabelHeight = 9;
    private const int Margin = 18;
    private const int TitleSpace = 34;
    private static readonly Rgb Missing = new(236, 238, 241);

    private readonly DataDescription _data;
    private readonly string _title;
    private readonly IReadOnlyList<string> _rows;
    private readonly IReadOnlyList<string> _columns;

    /// <summary>A sheet without images.</summary>
    /// <param name="data">The size of an image.</param>
    /// <param name="title">One line above all.</param>
    /// <param name="rows">A label for each row, perhaps empty.</param>
    /// <param name="columns">A label for each column, perhaps empty.</param>
    public ImageSheet(DataDescription data, string title, IReadOnlyList<string> rows, IReadOnlyList<string> columns) =>
        (_data, _title, _rows, _columns) = (data, title, rows, columns);

    /// <summary>Pixels between two images; 0 makes one surface of them.</summary>
    public int Gap { get; init; } = 3;

    /// <summary>Images are magnified to at least about this side.</summary>
    public int CellSideMin { get; init; } = 56;

    /// <summary>Draws it as a PNG file.</summary>
    /// <param name="images">Row after row, each image channels by height by width, values in [0, 1]. Where they end before the sheet does, or begin with NaN, it stays grey.</param>
    public byte[] Encode(ReadOnlySpan<float> images)
    {
        var zoom = Math.Max(1, CellSideMin / Math.Max(_data.Height, _data.Width));
        var (width, height) = (_data.Width * zoom, _data.Height * zoom);
        var left = Margin + Room(_rows.Max(label => StrokeFont.WidthOf(label, LabelHeight)));
        var (right, bottom) = (left + Extent(_columns.Count, width), TitleSpace + Margin + Extent(_rows.Count, height));
        var labelled = _columns.Any(label => label.Length > 0);
        var canvas = new Canvas(Math.Max(right + Margin, (2 * Margin) + Room(StrokeFont.WidthOf(_title, TitleHeight))), bottom + (labelled ? 24 : 0) + Margin);
        StrokeFont.Write(canvas, _title, new(Margin, Margin + TitleHeight), TitleHeight, ChartPanel.Ink);
        for (var cell = 0; cell < _rows.Count * _columns.Count; cell++)
        {
            var (row, column) = (cell / _columns.Count, cell % _columns.Count);
            var place = new Frame(left + (column * (width + Gap)), TitleSpace + Margin + (row * (height + Gap)), 0, 0);
            if ((cell + 1) * _data.Dimensions <= images.Length && !float.IsNaN(images[cell * _data.Dimensions]))
                Place(canvas, images.Slice(cell * _data.Dimensions, _data.Dimensions), place, zoom);
            else
                canvas.Fill(place with { Right = place.Left + width, Bottom = place.Top + height }, Missing);
        }
        WriteLabels(canvas, left, bottom, width, height);
        return canvas.ToPng();
    }

    private int Extent(int cells, int side) => (cells * side) + ((cells - 1) * Gap);

    private static int Room(double textWidth) => textWidth == 0 ? 0 : (int)Math.Ceiling(textWidth) + 12;

    private void Place(Canvas canvas, ReadOnlySpan<float> image, Frame at, int zoom)
    {
        var plane = _data.Height * _data.Width;
        for (var pixel = 0; pixel < plane; pixel++)
        {
            var (x, y) = (at.Left + (pixel % _data.Width * zoom), at.Top + (pixel / _data.Width * zoom));
            var red = Shade(image[pixel]);
            var color = _data.Channels == 3 ? new Rgb(red, Shade(image[plane + pixel]), Shade(image[(2 * plane) + pixel])) : new Rgb(red, red, red);
            canvas.Fill(new Frame(x, y, x + zoom, y + zoom), color);
        }
    }

    private void WriteLabels(Canvas canvas, int left, int bottom, int width, int height)
    {
        for (var row = 0; row < _rows.Count; row++)
        {
            var middle = TitleSpace + Margin + (row * (height + Gap)) + (height / 2.0);
            StrokeFont.Write(canvas, _rows[row], new(left - 10, middle + (LabelHeight / 2)), LabelHeight, ChartPanel.Ink, TextAnchor.Right);
        }
        for (var column = 0; column < _columns.Count; column++)
            StrokeFont.Write(canvas, _columns[column], new(left + (column * (width + Gap)) + (width / 2.0), bottom + 18), LabelHeight, ChartPanel.Ink, TextAnchor.Center);
    }

    private static byte Shade(float value) => float.IsNaN(value) ? (byte)0 : (byte)Math.Round(255 * Math.Clamp(value, 0f, 1f));
}
