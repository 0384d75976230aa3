namespace VaeCluster.Training.Pictures;

/// <summary>One frame of a chart: a grid, the labels of its own y axis, curves and their legend.</summary>
internal sealed class ChartPanel
{
    private const double LabelHeight = 9;
    private const double CurveWidth = 1.8;
    private const double SpreadOpacity = 0.22;
    private static readonly Rgb Grid = new(228, 231, 236);
    private static readonly Rgb Border = new(160, 167, 178);

    private readonly Canvas _canvas;
    private readonly Frame _frame;
    private readonly Axis _x;
    private readonly Axis _y;

    public ChartPanel(Canvas canvas, Frame frame, Axis x, Axis y) => (_canvas, _frame, _x, _y) = (canvas, frame, x, y);

    public static Rgb Ink { get; } = new(55, 62, 74);

    public void DrawGrid()
    {
        foreach (var tick in _y.Ticks)
        {
            var height = Math.Round(Y(tick)) + 0.5;
            _canvas.Stroke([new(_frame.Left, height), new(_frame.Right, height)], Grid, 1, _frame);
            StrokeFont.Write(_canvas, _y.Label(tick), new(_frame.Left - 9, height + (LabelHeight / 2)), LabelHeight, Ink, TextAnchor.Right);
        }
        foreach (var tick in _x.Ticks)
        {
            var place = Math.Round(X(tick)) + 0.5;
            _canvas.Stroke([new(place, _frame.Top), new(place, _frame.Bottom)], Grid, 1, _frame);
        }
        _canvas.Stroke([new(_frame.Left + 0.5, _frame.Top), new(_frame.Left + 0.5, _frame.Bottom + 0.5), new(_frame.Right, _frame.Bottom + 0.5)], Border, 1);
    }

    /// <summary>Labels of the x axis below the frame, and what they count.</summary>
    public void DrawXLabels(string name)
    {
        foreach (var tick in _x.Ticks)
        {
            var place = Math.Round(X(tick)) + 0.5;
            _canvas.Stroke([new(place, _frame.Bottom + 1), new(place, _frame.Bottom + 4)], Border, 1);
            StrokeFont.Write(_canvas, _x.Label(tick), new(place, _frame.Bottom + 19), LabelHeight, Ink, TextAnchor.Center);
        }
        StrokeFont.Write(_canvas, name, new((_frame.Left + _frame.Right) / 2.0, _frame.Bottom + 38), LabelHeight, Ink, TextAnchor.Center);
    }

    /// <summary>Ticks with labels along the upper edge, for a second count of the same axis.</summary>
    public void DrawTopTicks(string name, IEnumerable<(double X, string Label)> ticks)
    {
        foreach (var (x, label) in ticks)
        {
            var place = Math.Round(X(x)) + 0.5;
            _canvas.Stroke([new(place, _frame.Top - 4), new(place, _frame.Top - 1)], Border, 1);
            StrokeFont.Write(_canvas, label, new(place, _frame.Top - 8), LabelHeight, Ink, TextAnchor.Center);
        }
        StrokeFont.Write(_canvas, name, new(_frame.Left - 9, _frame.Top - 8), LabelHeight, Ink, TextAnchor.Right);
    }

    public void Draw(Curve curve)
    {
        DrawSpread(curve);
        var path = new List<Spot>();
        foreach (var point in curve.Points)
        {
            if (!point.IsGap)
                path.Add(new(X(point.X), Y(point.Mean)));
            else
                Finish(path);
        }
        Finish(path);

        void Finish(List<Spot> piece)
        {
            if (piece.Count > 0)
                _canvas.Stroke(piece, curve.Color, piece.Count == 1 ? 3 * CurveWidth : CurveWidth, _frame);
            piece.Clear();
        }
    }

    /// <summary>One point of a scatter.</summary>
    public void DrawDot(double x, double y, Rgb color, double width, double opacity) => _canvas.Stroke([new(X(x), Y(y))], color, width, _frame, opacity);

    /// <summary>A sentence in the middle of the frame.</summary>
    public void DrawNotice(string text) =>
        StrokeFont.Write(_canvas, text, new((_frame.Left + _frame.Right) / 2.0, (_frame.Top + _frame.Bottom) / 2.0), LabelHeight + 2, Ink, TextAnchor.Center);

    /// <summary>Where points stand for many values: from the least to the greatest of them, column by column.</summary>
    private void DrawSpread(Curve curve)
    {
        foreach (var (from, to) in curve.Points.Zip(curve.Points.Skip(1)))
        {
            if (from.IsGap || to.IsGap || (from.Low == from.High && to.Low == to.High))
                continue;
            var (start, end) = (X(from.X), X(to.X));
            for (var column = (int)Math.Ceiling(start - 0.5); column + 0.5 < end; column++)
            {
                var along = (column + 0.5 - start) / (end - start);
                _canvas.FillColumn(column, Y(Between(from.High, to.High, along)), Y(Between(from.Low, to.Low, along)), curve.Color, SpreadOpacity, _frame);
            }
        }
    }

    private static double Between(double from, double to, double along) => (from * (1 - along)) + (to * along);

    private double X(double value) => _frame.Left + (_x.Fraction(value) * _frame.Width);

    // A value far outside is drawn as a line that leaves the frame, not as one to infinity.
    private double Y(double value) => _frame.Bottom - (Math.Clamp(_y.Fraction(value), -10, 10) * _frame.Height);
}
