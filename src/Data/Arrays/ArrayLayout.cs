using VaeCluster.Contracts.Specs;

namespace VaeCluster.Data.Arrays;

/// <summary>How the axes of an array are those of images.</summary>
/// <param name="Count">Examples.</param>
/// <param name="Channels">1 or 3.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="IsChannelsLast">Whether the channels of a pixel stand beside each other.</param>
internal sealed record ArrayLayout(int Count, int Channels, int Height, int Width, bool IsChannelsLast)
{
    private const int SideMax = 65_536;

    /// <summary>Reads a shape.</summary>
    /// <param name="name">The array, for messages.</param>
    /// <param name="header">Its shape.</param>
    /// <param name="asked">What the spec says its axes are.</param>
    /// <exception cref="DataException">It cannot be read so.</exception>
    public static ArrayLayout Of(string name, NpyHeader header, ArrayLayoutKind asked)
    {
        var kind = asked == ArrayLayoutKind.Auto ? Guess(name, header) : asked;
        var axes = SpecNames.Of(kind);
        if (header.Shape.Count != axes.Length)
            throw Bad(name, $"has the shape {header.ShapeText}, which does not have the {axes.Length} axes of {axes}",
                "Set data.layout to what the array's axes are.");
        if (header.Shape.Any(length => length is 0 or > int.MaxValue) || header.Shape.Skip(1).Any(length => length > SideMax))
            throw Bad(name, $"has the shape {header.ShapeText}; each axis must have 1 to {SideMax} and the first at most {int.MaxValue}",
                "Save an array of images.");
        int Axis(char axis) => axes.Contains(axis, StringComparison.Ordinal) ? (int)header.Shape[axes.IndexOf(axis, StringComparison.Ordinal)] : 1;
        if (Axis('c') is not (1 or 3))
            throw Bad(name, $"has the shape {header.ShapeText}, which as {axes} has {Axis('c')} channels; an image has 1 or 3",
                "Set data.layout to what the array's axes are.");
        return kind == ArrayLayoutKind.Nd
            ? OfVectors(Axis('n'), Axis('d'))
            : new(Axis('n'), Axis('c'), Axis('h'), Axis('w'), kind == ArrayLayoutKind.Nhwc);
    }

    private static ArrayLayoutKind Guess(string name, NpyHeader header)
    {
        if (header.Shape.Count is 2 or 3)
            return header.Shape.Count == 2 ? ArrayLayoutKind.Nd : ArrayLayoutKind.Nhw;
        if (header.Shape.Count != 4)
            throw Bad(name, $"has the shape {header.ShapeText}; images have the axes n,h,w or n,h,w,c or n,c,h,w, vectors n,d",
                "Save an array of one of these shapes.");
        var (isFirst, isLast) = (header.Shape[1] is 1 or 3, header.Shape[3] is 1 or 3);
        if (isFirst == isLast)
            throw Bad(
                name,
                $"has the shape {header.ShapeText}, and "
                    + $"{(isFirst ? "both its second and its last axis" : "neither its second nor its last axis")} can be "
                    + "the 1 or 3 channels of an image",
                "Set data.layout to nchw or nhwc.");
        return isFirst ? ArrayLayoutKind.Nchw : ArrayLayoutKind.Nhwc;
    }

    private static ArrayLayout OfVectors(int count, int length)
    {
        var side = (int)Math.Sqrt(length);
        return side * side == length ? new(count, 1, side, side, false) : new(count, 1, 1, length, false);
    }

    private static DataException Bad(string name, string problem, string fix) => new("data.layout", $"{name} {problem}.", fix);
}
