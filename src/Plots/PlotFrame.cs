using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace VaeCluster.Plots;

/// <summary>Makes plots that look alike: a pale grid, a frame at the left and below, round numbers at the ticks.</summary>
internal static class PlotFrame
{
    private const float TickSize = 13;

    /// <summary>An empty plot.</summary>
    public static Plot Create()
    {
        var plot = PlotFont.CreatePlot();
        plot.FigureBackground.Color = Colors.White;
        plot.Axes.Color(Palette.Border);
        plot.Grid.MajorLineColor = Palette.Grid;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        foreach (var axis in plot.Axes.GetAxes())
        {
            Style(axis.TickLabelStyle);
            Style(axis.Label);
        }
        // Centred on the tick by its digits, which have nothing below the base line.
        plot.Axes.Left.TickLabelStyle.OffsetY = 2;
        return plot;
    }

    /// <summary>Sets the range of an axis, with ticks at round numbers.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="low">Its low end.</param>
    /// <param name="high">Its high end, which is greater.</param>
    /// <param name="ticksAbout">At most about so many ticks.</param>
    /// <param name="stepMin">The least distance of two ticks: 1 for things that are counted.</param>
    public static void SetRange(IAxis axis, double low, double high, int ticksAbout, double stepMin = 0)
    {
        axis.Range.Set(low, high);
        axis.TickGenerator = new NumericFixedInterval(Math.Max(stepMin, RoundUp((high - low) / ticksAbout))) { LabelFormatter = Show };
    }

    /// <summary>The smallest of 1, 2, 5 and 10 times a power of ten that is not below a number (Heckbert 1990, "Nice numbers for graph labels").</summary>
    public static double RoundUp(double number)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(number)));
        var digit = number / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    /// <summary>A number as people write it; a huge or tiny one with a power of ten, because its digits would not fit.</summary>
    public static string Show(double value)
    {
        var size = Math.Abs(value);
        return size >= 1e7 || size is > 0 and < 1e-4
            ? value.ToString("0.##e0", CultureInfo.InvariantCulture)
            : (Math.Round(value, 6) + 0).ToString("#,##0.######", CultureInfo.InvariantCulture); // Adding 0 makes a negative zero plain.
    }

    private static void Style(LabelStyle label)
    {
        label.FontSize = TickSize;
        label.Bold = false;
        label.ForeColor = Palette.Ink;
    }
}
