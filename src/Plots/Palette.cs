using ScottPlot;

namespace VaeCluster.Plots;

/// <summary>
/// The colours of plots. Curves and groups have those of Okabe and Ito 2008, "Color Universal Design", which people with each kind of
/// colour blindness distinguish. Their yellow is left out, which is hardly seen on white.
/// </summary>
internal static class Palette
{
    public static readonly Color Black = Color.FromHex("#000000");
    public static readonly Color Orange = Color.FromHex("#E69F00");
    public static readonly Color SkyBlue = Color.FromHex("#56B4E9");
    public static readonly Color BluishGreen = Color.FromHex("#009E73");
    public static readonly Color Blue = Color.FromHex("#0072B2");
    public static readonly Color Vermillion = Color.FromHex("#D55E00");
    public static readonly Color ReddishPurple = Color.FromHex("#CC79A7");

    /// <summary>Text.</summary>
    public static readonly Color Ink = Color.FromHex("#373E4A");

    /// <summary>Text that matters less.</summary>
    public static readonly Color PaleInk = Color.FromHex("#5F6875");

    public static readonly Color Grid = Color.FromHex("#E4E7EC");
    public static readonly Color Border = Color.FromHex("#A0A7B2");

    /// <summary>The place of an image that is missing.</summary>
    public static readonly Color Missing = Color.FromHex("#ECEEF1");

    private static readonly Color[] Groups = [Blue, Orange, BluishGreen, Vermillion, ReddishPurple, SkyBlue, Black];

    // Where the colours begin again, the shape is another.
    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledTriangleUp, MarkerShape.FilledSquare, MarkerShape.FilledDiamond,
    ];

    /// <summary>How a group of points is marked; colour and shape together distinguish 28 groups.</summary>
    /// <param name="group">Counted from 0.</param>
    /// <param name="size">Diameter of a circle, in pixels.</param>
    /// <param name="opacity">0 leaves what is below, 1 hides it.</param>
    public static MarkerStyle MarkerOf(int group, float size, double opacity)
    {
        var shape = Shapes[group / Groups.Length % Shapes.Length];
        // A triangle or a diamond covers less of its square than a circle does.
        var scale = shape is MarkerShape.FilledTriangleUp or MarkerShape.FilledDiamond ? 1.3f : 1;
        return new MarkerStyle(shape, scale * size, Groups[group % Groups.Length].WithAlpha(opacity));
    }
}
