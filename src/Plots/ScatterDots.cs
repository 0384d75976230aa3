using ScottPlot;

namespace VaeCluster.Plots;

/// <summary>The points of a scatter plot, rendered in their order. ScottPlot's own markers have one style for all points, or a clip path for each.</summary>
internal sealed class ScatterDots : IPlottable
{
    private const float Size = 6;
    private const double Opacity = 0.72;
    private readonly IReadOnlyList<ScatterPoint> _points;

    /// <summary>Points whose places are finite.</summary>
    public ScatterDots(IReadOnlyList<ScatterPoint> points) => _points = points;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => _points.Count == 0
        ? AxisLimits.NoLimits
        : new(_points.Min(point => point.X), _points.Max(point => point.X), _points.Min(point => point.Y), _points.Max(point => point.Y));

    public void Render(RenderPack rp)
    {
        foreach (var point in _points)
            Palette.MarkerOf(point.Group, Size, Opacity).Render(rp, Axes.GetPixel(new Coordinates(point.X, point.Y)));
    }
}
