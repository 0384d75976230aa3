namespace VaeCluster.Training.Pictures;

/// <summary>Colours for groups of points: the ten digits can be told apart on white, neighbours in number differ in hue and in lightness.</summary>
internal static class GroupColors
{
    private static readonly Rgb[] Colors =
    [
        new(38, 84, 164), new(240, 136, 36), new(44, 150, 84), new(206, 46, 52), new(138, 92, 190),
        new(122, 82, 62), new(236, 120, 188), new(104, 110, 118), new(184, 178, 30), new(24, 178, 206),
    ];

    /// <summary>The colour of a group; after ten they begin again.</summary>
    public static Rgb Of(int group) => Colors[group % Colors.Length];
}
