using ScottPlot;
using SkiaSharp;

namespace VaeCluster.Plots;

/// <summary>
/// The one font of all plots, DejaVu Sans, which is embedded: a container has no fonts, and with the same font the same numbers
/// give the same bytes on every machine.
/// </summary>
internal static class PlotFont
{
    /// <summary>The family's name.</summary>
    public const string Family = "DejaVu Sans";

    private static readonly SKTypeface Typeface = Load();

    // ScottPlot's list of resolvers belongs to the process: changed once, before the first plot, which may read it on another thread.
    static PlotFont() => Fonts.FontResolvers.Insert(0, new EmbeddedResolver());

    /// <summary>An empty plot that has this font.</summary>
    public static Plot CreatePlot()
    {
        var plot = new Plot();
        plot.Font.Set(Family, FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal);
        return plot;
    }

    /// <summary>Width of a line of text, in pixels.</summary>
    /// <param name="text">The line.</param>
    /// <param name="size">Size of the font, in pixels.</param>
    public static float WidthOf(string text, float size)
    {
        using var font = new SKFont(Typeface, size);
        return font.MeasureText(text);
    }

    /// <summary>Writes a line of text on a canvas.</summary>
    /// <param name="canvas">The canvas.</param>
    /// <param name="text">The line.</param>
    /// <param name="x">Its left end, middle or right end, in pixels.</param>
    /// <param name="baseline">Its base line, in pixels from above.</param>
    /// <param name="size">Size of the font, in pixels.</param>
    /// <param name="color">Its colour.</param>
    /// <param name="align">Which of its places <paramref name="x"/> is.</param>
    public static void Write(SKCanvas canvas, string text, float x, float baseline, float size, Color color, SKTextAlign align = SKTextAlign.Left)
    {
        using var font = new SKFont(Typeface, size) { Subpixel = true };
        using var paint = new SKPaint { Color = color.ToSKColor(), IsAntialias = true };
        canvas.DrawText(text, x, baseline, align, font, paint);
    }

    private static SKTypeface Load()
    {
        using var file = typeof(PlotFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        return SKTypeface.FromStream(file) ?? throw new InvalidOperationException("The embedded font DejaVuSans.ttf cannot be read; the build is damaged.");
    }

    private sealed class EmbeddedResolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            fontName == Family ? Typeface : null;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Family ? Typeface : null;
    }
}
