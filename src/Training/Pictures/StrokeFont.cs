namespace VaeCluster.Training.Pictures;

/// <summary>Which point of a text is placed.</summary>
internal enum TextAnchor
{
    Left,
    Center,
    Right,
}

/// <summary>
/// Writes text on a canvas with a pen: a font of strokes, so that labels need no font file and no package. Letters, digits and the
/// punctuation of a chart are there; anything else becomes an empty box.
/// </summary>
internal static class StrokeFont
{
    private const double Spacing = 2.4;

    /// <summary>Writes one line of text.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="text">What.</param>
    /// <param name="at">Where the anchor lies: its x, and the y of the baseline.</param>
    /// <param name="height">Height of a capital in pixels.</param>
    /// <param name="color">The colour.</param>
    /// <param name="anchor">Which point of the text is placed.</param>
    public static void Write(Canvas canvas, string text, Spot at, double height, Rgb color, TextAnchor anchor = TextAnchor.Left)
    {
        var scale = height / Glyphs.CapHeight;
        var pen = at.X - (WidthOf(text, height) * anchor switch { TextAnchor.Left => 0, TextAnchor.Center => 0.5, _ => 1 });
        foreach (var letter in text)
        {
            foreach (var stroke in Glyphs.StrokesOf(letter))
                canvas.Stroke([.. stroke.Select(point => new Spot(pen + (point.X * scale), at.Y - ((point.Y - Glyphs.Baseline) * scale)))], color, Math.Max(1, height * 0.135));
            pen += (AdvanceOf(letter) + Spacing) * scale;
        }
    }

    /// <summary>Width of a line of text, in pixels.</summary>
    public static double WidthOf(string text, double height) =>
        text.Length == 0 ? 0 : (text.Sum(letter => AdvanceOf(letter) + Spacing) - Spacing) * height / Glyphs.CapHeight;

    private static double AdvanceOf(char letter)
    {
        const double SpaceWidth = 2.5;
        const double DigitWidth = 5;
        // Digits are all as wide, so that numbers above each other line up.
        return letter == ' ' ? SpaceWidth : char.IsAsciiDigit(letter) ? DigitWidth : Glyphs.StrokesOf(letter).SelectMany(stroke => stroke).Max(point => point.X);
    }
}
