using ScottPlot;
using SkiaSharp;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Plots;

/// <summary>Images in rows and columns on white, with a title and with labels beside the rows and below the columns.</summary>
public sealed class ImageSheet
{
    private const float TitleSize = 17;
    private const float LabelSize = 13;
    private const float LabelSpace = 6;
    private const int Margin = 18;
    private const int TitleSpace = 34;

    private readonly DataDescription _data;
    private readonly string _title;
    private readonly IReadOnlyList<string> _rows;
    private readonly IReadOnlyList<string> _columns;

    /// <summary>A sheet without images.</summary>
    /// <param name="data">The size of an image.</param>
    /// <param name="title">One line above all.</param>
    /// <param name="rows">A label for each row, perhaps empty.</param>
    /// <param name="columns">A label for each column, perhaps empty; where they are wider than the columns, some are left out.</param>
    public ImageSheet(DataDescription data, string title, IReadOnlyList<string> rows, IReadOnlyList<string> columns)
    {
        _data = data;
        _title = title;
        _rows = rows;
        _columns = columns;
    }

    /// <summary>Pixels between two images; 0 makes one surface of them.</summary>
    public int Gap { get; init; } = 3;

    /// <summary>Images are magnified to at least about this side, in pixels.</summary>
    public int CellSideMin { get; init; } = 56;

    private int Zoom => PngCanvas.ZoomOf(_data, CellSideMin);

    private int CellWidth => _data.Width * Zoom;

    private int CellHeight => _data.Height * Zoom;

    private int Left => Margin + Room(_rows.Max(label => PlotFont.WidthOf(label, LabelSize)));

    private int Bottom => TitleSpace + Margin + (_rows.Count * (CellHeight + Gap)) - Gap;

    /// <summary>Renders it as a PNG file.</summary>
    /// <param name="images">
    /// Row after row, each image channels by height by width, values in [0, 1]. Where they end before the sheet does, or begin with NaN, it
    /// stays grey.
    /// </param>
    public byte[] RenderPng(ReadOnlySpan<float> images)
    {
        var right = Left + (_columns.Count * (CellWidth + Gap)) - Gap;
        var titleWidth = Room(PlotFont.WidthOf(_title, TitleSize));
        var labelSpace = _columns.Any(label => label.Length > 0) ? 24 : 0;
        using var canvas = new PngCanvas(Math.Max(right, Margin + titleWidth) + Margin, Bottom + labelSpace + Margin, Colors.White);
        PlotFont.Write(canvas.Canvas, _title, Margin, Margin + 13, TitleSize, Palette.Ink);
        for (var cell = 0; cell < _rows.Count * _columns.Count; cell++)
        {
            var (row, column) = (cell / _columns.Count, cell % _columns.Count);
            var isThere = (cell + 1) * _data.Dimensions <= images.Length && !float.IsNaN(images[cell * _data.Dimensions]);
            RenderCell(canvas, isThere ? images.Slice(cell * _data.Dimensions, _data.Dimensions) : [], row, column);
        }
        WriteLabels(canvas.Canvas);
        return canvas.Encode();
    }

    private static int Room(float textWidth) => textWidth == 0 ? 0 : (int)Math.Ceiling(textWidth) + 12;

    private int CellLeft(int column) => Left + (column * (CellWidth + Gap));

    private int CellTop(int row) => TitleSpace + Margin + (row * (CellHeight + Gap));

    private void RenderCell(PngCanvas canvas, ReadOnlySpan<float> image, int row, int column)
    {
        if (image.Length > 0)
        {
            canvas.RenderImage(image, _data, CellLeft(column), CellTop(row), Zoom);
            return;
        }
        using var grey = new SKPaint { Color = Palette.Missing.ToSKColor() };
        canvas.Canvas.DrawRect(CellLeft(column), CellTop(row), CellWidth, CellHeight, grey);
    }

    private void WriteLabels(SKCanvas canvas)
    {
        for (var row = 0; row < _rows.Count; row++)
            PlotFont.Write(canvas, _rows[row], Left - 10, CellTop(row) + (CellHeight / 2f) + 4.5f, LabelSize, Palette.Ink, SKTextAlign.Right);
        // Labels that are wider than their columns stand below every second or third of them.
        var widest = _columns.Max(label => PlotFont.WidthOf(label, LabelSize)) + LabelSpace;
        var every = Math.Max(1, (int)Math.Ceiling(widest / (CellWidth + Gap)));
        for (var column = 0; column < _columns.Count; column += every)
            PlotFont.Write(canvas, _columns[column], CellLeft(column) + (CellWidth / 2f), Bottom + 18, LabelSize, Palette.Ink, SKTextAlign.Center);
    }
}
