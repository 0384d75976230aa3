using System.Collections.Frozen;

namespace VaeCluster.Training.Pictures;

/// <summary>
/// The letters of <see cref="StrokeFont"/> on a grid with y upwards: the baseline at 3, lower-case letters up to 9, capitals and digits up to 12,
/// descenders down to 0.
/// </summary>
internal static class Glyphs
{
    public const double Baseline = 3;
    public const double CapHeight = 9;
    private const int PiecesPerCurve = 6;
    private const string EmptyBox = "03 53 5c 0c 03";

    // A line is a character and its strokes, with '|' between them; a point is two hexadecimal digits, x and y. A stroke is a polygon of
    // lines; after '~' it is a smooth curve that the points pull on (a quadratic B-spline), and after '@' a closed one.
    private const string Table = """
        a @03 53 59 09|59 53
        b 0c 03|@03 53 59 09
        c ~58 59 09 03 53 54
        d 5c 53|@03 53 59 09
        e 06 56|~56 59 09 03 53 54
        f ~3c 1c 19 13|09 39
        g @03 53 59 09|~59 53 50 00 01
        h 0c 03|~06 09 59 56 53
        i 09 03|0c 0c
        j ~29 23 20 00|2c 2c
        k 0c 03|49 05|27 53
        l 0c 03
        m 09 03|~06 09 49 46 43|~46 49 89 86 83
        n 09 03|~06 09 59 56 53
        o @03 53 59 09
        p 09 00|@03 53 59 09
        q @03 53 59 09|59 50
        r 09 03|~06 09 39
        s ~48 49 09 06 46 43 03 04
        t ~1c 14 13 33|09 39
        u ~09 06 03 53 56|59 53
        v 09 23 49
        w 09 23 49 63 89
        x 09 53|03 59
        y 09 23|49 10
        z 09 59 03 53
        A 03 3c 63|16 56
        B 03 0c|~0c 3c 5c 58 38 08|~08 38 68 63 33 03
        C ~6a 6c 0c 03 63 65
        D 03 0c|~0c 2c 6c 63 23 03
        E 5c 0c 03 53|08 48
        F 5c 0c 03|08 48
        G ~6a 6c 0c 03 63 67|67 37
        H 0c 03|6c 63|08 68
        I 0c 03
        J ~4c 46 43 03 05
        K 0c 03|6c 06|28 63
        L 0c 03 53
        M 03 0c 46 8c 83
        N 03 0c 63 6c
        O @03 73 7c 0c
        P 03 0c|~0c 3c 6c 67 37 07
        Q @03 73 7c 0c|46 72
        R 03 0c|~0c 3c 6c 67 37 07|37 63
        S ~5a 5c 0c 08 58 53 03 05
        T 0c 6c|3c 33
        U ~0c 07 03 63 67 6c
        V 0c 33 6c
        W 0c 23 4c 63 8c
        X 0c 63|03 6c
        Y 0c 37 6c|37 33
        Z 0c 6c 03 63
        0 @03 53 5c 0c
        1 1a 3c 33
        2 ~0a 0c 5c 58 03|03 53
        3 ~0a 0c 5c 58 28|~28 58 53 03 05
        4 43 4c 06 56
        5 5c 0c 08|~08 29 59 53 03 05
        6 @03 53 59 09|~5b 5c 0c 08 06
        7 0c 5c 23
        8 @18 48 4c 1c|@03 53 58 08
        9 @06 56 5c 0c|~04 03 53 57 59
        . 03 03
        , 13 01
        - 07 47
        + 07 47|25 29
        = 06 46|09 49
        : 04 04|08 08
        / 02 4c
        ( ~2d 0b 04 21
        ) ~0d 2b 24 01
        """;

    private static readonly IReadOnlyList<IReadOnlyList<Spot>> Unknown = Parse(EmptyBox);

    private static readonly FrozenDictionary<char, IReadOnlyList<IReadOnlyList<Spot>>> Parsed =
        Table.Split('\n').ToFrozenDictionary(line => line[0], line => (IReadOnlyList<IReadOnlyList<Spot>>)Parse(line[2..].TrimEnd()));

    /// <summary>The strokes of a character: an empty box where the font does not have it.</summary>
    public static IReadOnlyList<IReadOnlyList<Spot>> StrokesOf(char letter) =>
        letter == ' ' ? [] : Parsed.GetValueOrDefault(letter, Unknown);

    private static List<List<Spot>> Parse(string strokes) =>
        [.. strokes.Split('|').Select(stroke => stroke[0] switch
        {
            '~' => Curve(PointsOf(stroke[1..]), closed: false),
            '@' => Curve(PointsOf(stroke[1..]), closed: true),
            _ => PointsOf(stroke),
        })];

    private static List<Spot> PointsOf(string stroke) =>
        [.. stroke.Split(' ').Select(point => new Spot(Convert.ToInt32(point[..1], 16), Convert.ToInt32(point[1..], 16)))];

    /// <summary>Goes from middle to middle of the sides, and each corner in between bends the way.</summary>
    private static List<Spot> Curve(List<Spot> corners, bool closed)
    {
        var path = new List<Spot>();
        var count = corners.Count;
        for (var i = closed ? 0 : 1; i < (closed ? count : count - 1); i++)
        {
            var (before, corner, after) = (corners[(i + count - 1) % count], corners[i], corners[(i + 1) % count]);
            var from = !closed && i == 1 ? before : Middle(before, corner);
            var to = !closed && i == count - 2 ? after : Middle(corner, after);
            for (var piece = 0; piece <= PiecesPerCurve; piece++)
                path.Add(Bezier(from, corner, to, (double)piece / PiecesPerCurve));
        }
        return path;
    }

    private static Spot Middle(Spot a, Spot b) => new((a.X + b.X) / 2, (a.Y + b.Y) / 2);

    private static Spot Bezier(Spot from, Spot pull, Spot to, double t)
    {
        var (a, b, c) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t);
        return new((a * from.X) + (b * pull.X) + (c * to.X), (a * from.Y) + (b * pull.Y) + (c * to.Y));
    }
}
