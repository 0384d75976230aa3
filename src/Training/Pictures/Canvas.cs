namespace VaeCluster.Training.Pictures;

/// <summary>A colour without transparency.</summary>
internal readonly record struct Rgb(byte Red, byte Green, byte Blue);

/// <summary>A place on a canvas, in pixels from its upper left corner; pixel centres lie at halves.</summary>
internal readonly record struct Spot(double X, double Y);

/// <summary>A rectangle of a canvas, in pixels.</summary>
internal readonly record struct Frame(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;
}

/// <summary>An RGB raster with anti-aliased strokes, enough to draw a chart.</summary>
internal sealed class Canvas
{
    private const int Channels = 3;
    private readonly byte[] _pixels;

    /// <summary>How much of each pixel the stroke at hand covers: blended once, so that joints do not come out darker.</summary>
    private readonly float[] _coverage;

    public Canvas(int width, int height)
    {
        Bounds = new Frame(0, 0, width, height);
        _pixels = new byte[width * height * Channels];
        _coverage = new float[width * height];
        _pixels.AsSpan().Fill(byte.MaxValue);
    }

    public Frame Bounds { get; }

    public byte[] ToPng() => PngFile.Encode(_pixels, Bounds.Width, Bounds.Height, Channels);

    /// <summary>Draws connected lines with round ends and joints; a single spot becomes a dot.</summary>
    /// <param name="path">The corners; all of them finite.</param>
    /// <param name="color">The colour.</param>
    /// <param name="width">Thickness in pixels.</param>
    /// <param name="clip">Nothing is drawn outside of it.</param>
    /// <param name="opacity">0 leaves what is below, 1 hides it.</param>
    public void Stroke(IReadOnlyList<Spot> path, Rgb color, double width, Frame? clip = null, double opacity = 1)
    {
        var inside = clip ?? Bounds;
        var touched = new Frame(inside.Right, inside.Bottom, inside.Left, inside.Top);
        for (var i = 0; i < path.Count; i++)
            touched = Union(touched, Cover(path[Math.Max(0, i - 1)], path[i], width / 2, inside));
        BlendCoverage(touched, color, opacity);
    }

    /// <summary>Paints a rectangle that lies on the canvas.</summary>
    public void Fill(Frame area, Rgb color)
    {
        for (var row = area.Top; row < area.Bottom; row++)
        {
            var pixels = _pixels.AsSpan(((row * Bounds.Width) + area.Left) * Channels, area.Width * Channels);
            for (var i = 0; i < pixels.Length; i += Channels)
                (pixels[i], pixels[i + 1], pixels[i + 2]) = (color.Red, color.Green, color.Blue);
        }
    }

    /// <summary>Blends a column of one pixel's width between two heights.</summary>
    public void FillColumn(int column, double top, double bottom, Rgb color, double opacity, Frame clip)
    {
        if (column < clip.Left || column >= clip.Right)
            return;
        (top, bottom) = (Math.Max(top, clip.Top), Math.Min(bottom, clip.Bottom));
        for (var row = (int)Math.Floor(top); row < bottom; row++)
            Blend(column, row, color, opacity * (Math.Min(bottom, row + 1) - Math.Max(top, row)));
    }

    /// <summary>The pixels within a stroke's reach of one line, covered as far as the stroke covers them.</summary>
    private Frame Cover(Spot from, Spot to, double reach, Frame clip)
    {
        var box = Intersect(clip, Math.Min(from.X, to.X) - reach - 1, Math.Min(from.Y, to.Y) - reach - 1, Math.Max(from.X, to.X) + reach + 1, Math.Max(from.Y, to.Y) + reach + 1);
        for (var row = box.Top; row < box.Bottom; row++)
        {
            for (var column = box.Left; column < box.Right; column++)
            {
                var distance = Distance(new Spot(column + 0.5, row + 0.5), from, to);
                var covered = (float)Math.Clamp(reach + 0.5 - distance, 0, 1);
                ref var pixel = ref _coverage[(row * Bounds.Width) + column];
                pixel = Math.Max(pixel, covered);
            }
        }
        return box;
    }

    private void BlendCoverage(Frame area, Rgb color, double opacity)
    {
        for (var row = area.Top; row < area.Bottom; row++)
        {
            for (var column = area.Left; column < area.Right; column++)
            {
                ref var covered = ref _coverage[(row * Bounds.Width) + column];
                if (covered > 0)
                    Blend(column, row, color, covered * opacity);
                covered = 0;
            }
        }
    }

    private void Blend(int column, int row, Rgb color, double opacity)
    {
        var pixel = _pixels.AsSpan(((row * Bounds.Width) + column) * Channels, Channels);
        pixel[0] = Mix(pixel[0], color.Red, opacity);
        pixel[1] = Mix(pixel[1], color.Green, opacity);
        pixel[2] = Mix(pixel[2], color.Blue, opacity);
    }

    private static byte Mix(byte below, byte above, double opacity) => (byte)Math.Round(below + ((above - below) * opacity));

    private static double Distance(Spot spot, Spot from, Spot to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var lengthSquared = (dx * dx) + (dy * dy);
        var along = lengthSquared == 0 ? 0 : Math.Clamp((((spot.X - from.X) * dx) + ((spot.Y - from.Y) * dy)) / lengthSquared, 0, 1);
        var (offX, offY) = (spot.X - from.X - (along * dx), spot.Y - from.Y - (along * dy));
        return Math.Sqrt((offX * offX) + (offY * offY));
    }

    private static Frame Intersect(Frame clip, double left, double top, double right, double bottom) => new(
        (int)Math.Clamp(Math.Floor(left), clip.Left, clip.Right),
        (int)Math.Clamp(Math.Floor(top), clip.Top, clip.Bottom),
        (int)Math.Clamp(Math.Ceiling(right), clip.Left, clip.Right),
        (int)Math.Clamp(Math.Ceiling(bottom), clip.Top, clip.Bottom));

    private static Frame Union(Frame a, Frame b) =>
        new(Math.Min(a.Left, b.Left), Math.Min(a.Top, b.Top), Math.Max(a.Right, b.Right), Math.Max(a.Bottom, b.Bottom));
}
