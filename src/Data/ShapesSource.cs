namespace VaeCluster.Data;

/// <summary>The true factors of one drawn image.</summary>
/// <param name="Shape">0 a square, 1 an ellipse, 2 a heart.</param>
/// <param name="Scale">Half the sprite's extent, as a fraction of the image's side.</param>
/// <param name="Rotation">In radians, 0 to 2 pi.</param>
/// <param name="X">Centre, as a fraction of the width.</param>
/// <param name="Y">Centre, as a fraction of the height.</param>
public readonly record struct ShapeFactors(int Shape, double Scale, double Rotation, double X, double Y);

/// <summary>
/// Sprites of three shapes over scale, rotation and position, in the manner of dSprites (Matthey et al. 2017): built in, needs no
/// download, and always the same for a count and a size. Example i takes the i-th point of a low-discrepancy sequence over the
/// factors, so any number of examples covers them evenly.
/// </summary>
public static class ShapesSource
{
    private const int Shapes = 3;
    private const int SamplesPerPixelSide = 4;
    private const double ScaleLow = 0.15;
    private const double ScaleRange = 0.12;
    private const double PlaceLow = 0.3;
    private const double PlaceRange = 0.4;

    // Powers of the inverse of the generalised golden ratio in four dimensions (Roberts 2018): an additive recurrence that fills evenly.
    private const double Phi4 = 1.1673039782614187;
    private static readonly double[] Steps = [1 / Phi4, 1 / (Phi4 * Phi4), 1 / (Phi4 * Phi4 * Phi4), 1 / (Phi4 * Phi4 * Phi4 * Phi4)];

    /// <summary>Names of the factors, in the order of a <see cref="FactorTable"/>'s row.</summary>
    public static IReadOnlyList<string> FactorNames { get; } = ["shape", "scale", "rotation", "x", "y"];

    /// <summary>Into how many equal bins each factor's range is divided; the shapes are three by themselves.</summary>
    public static IReadOnlyList<int> FactorSizes { get; } = [Shapes, 6, 10, 10, 10];

    /// <summary>Draws the examples.</summary>
    /// <param name="count">How many.</param>
    /// <param name="size">Height and width in pixels.</param>
    /// <param name="channels">1 for white sprites; 3 gives each shape a colour, so no factor is added.</param>
    /// <returns>The images, with the shape as label and every factor in the table.</returns>
    public static Dataset Draw(int count, int size, int channels = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var pixels = new byte[checked(count * channels * size * size)];
        var labels = new byte[count];
        Parallel.For(0, count, i =>
        {
            var factors = FactorsOf(i);
            labels[i] = (byte)factors.Shape;
            var image = pixels.AsSpan(i * channels * size * size, channels * size * size);
            Render(factors, size, image[..(size * size)]);
            if (channels > 1)
                Colour(factors.Shape, size * size, image);
        });
        return new Dataset(channels, size, size, pixels, labels) { Factors = Factors(count) };
    }

    /// <summary>The factors of as many examples, which need no drawing.</summary>
    public static FactorTable Factors(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var indices = new int[checked(count * FactorSizes.Count)];
        for (var i = 0; i < count; i++)
            IndicesOf(FactorsOf(i), indices.AsSpan(i * FactorSizes.Count, FactorSizes.Count));
        return new FactorTable(FactorNames, FactorSizes, indices);
    }

    /// <summary>Makes three planes of the first one: orange squares, green ellipses, violet hearts.</summary>
    private static void Colour(int shape, int plane, Span<byte> image)
    {
        (int Red, int Green, int Blue) colour = shape switch { 0 => (255, 140, 30), 1 => (60, 220, 90), _ => (190, 80, 255) };
        for (var i = 0; i < plane; i++)
        {
            var coverage = image[i];
            image[i] = (byte)(coverage * colour.Red / 255);
            image[plane + i] = (byte)(coverage * colour.Green / 255);
            image[(2 * plane) + i] = (byte)(coverage * colour.Blue / 255);
        }
    }

    /// <summary>The factors of an example.</summary>
    public static ShapeFactors FactorsOf(int index)
    {
        double Fraction(int axis) => (0.5 + ((index + 1) * Steps[axis])) % 1;
        return FactorsAt(index % Shapes, Fraction(0), Fraction(1), Fraction(2), Fraction(3));
    }

    /// <summary>The factors in the middle of their bins: what to draw to hold a factor still while others move.</summary>
    /// <param name="indices">One index a factor, in the order of <see cref="FactorNames"/>.</param>
    public static ShapeFactors FactorsAt(ReadOnlySpan<int> indices)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(indices.Length, FactorSizes.Count);
        Span<double> middles = stackalloc double[indices.Length];
        for (var i = 0; i < indices.Length; i++)
            middles[i] = (indices[i] + 0.5) / FactorSizes[i];
        return FactorsAt(indices[0], middles[1], middles[2], middles[3], middles[4]);
    }

    /// <summary>Draws one image: the share of each pixel that the shape covers, of 16 points on a grid, rounded down to a byte.</summary>
    /// <param name="factors">What to draw.</param>
    /// <param name="size">Height and width in pixels.</param>
    /// <param name="image">Takes size * size bytes, row after row.</param>
    public static void Render(ShapeFactors factors, int size, Span<byte> image)
    {
        var (sin, cos) = Math.SinCos(factors.Rotation);
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                var covered = 0;
                for (var sample = 0; sample < SamplesPerPixelSide * SamplesPerPixelSide; sample++)
                {
                    var x = (column + ((sample % SamplesPerPixelSide + 0.5) / SamplesPerPixelSide)) / size;
                    var y = (row + ((sample / SamplesPerPixelSide + 0.5) / SamplesPerPixelSide)) / size;
                    var (dx, dy) = ((x - factors.X) / factors.Scale, (y - factors.Y) / factors.Scale);
                    if (IsInside(factors.Shape, (cos * dx) + (sin * dy), (cos * dy) - (sin * dx)))
                        covered++;
                }
                image[(row * size) + column] = (byte)(255 * covered / (SamplesPerPixelSide * SamplesPerPixelSide));
            }
        }
    }

    private static ShapeFactors FactorsAt(int shape, double scale, double rotation, double x, double y) =>
        new(shape, ScaleLow + (ScaleRange * scale), 2 * Math.PI * rotation, PlaceLow + (PlaceRange * x), PlaceLow + (PlaceRange * y));

    private static void IndicesOf(ShapeFactors factors, Span<int> indices)
    {
        indices[0] = factors.Shape;
        indices[1] = Bin((factors.Scale - ScaleLow) / ScaleRange, FactorSizes[1]);
        indices[2] = Bin(factors.Rotation / (2 * Math.PI), FactorSizes[2]);
        indices[3] = Bin((factors.X - PlaceLow) / PlaceRange, FactorSizes[3]);
        indices[4] = Bin((factors.Y - PlaceLow) / PlaceRange, FactorSizes[4]);
    }

    // A fraction next to 0 or 1 may be rounded out of its range on the way there and back.
    private static int Bin(double fraction, int bins) => Math.Clamp((int)Math.Floor(fraction * bins), 0, bins - 1);

    /// <summary>Whether a point lies in the shape of half extent 1 about the origin.</summary>
    private static bool IsInside(int shape, double u, double v) => shape switch
    {
        0 => Math.Abs(u) <= 0.8 && Math.Abs(v) <= 0.8,
        1 => (u * u) + (v * v * 4) <= 1,
        _ => IsInHeart(u * 1.2, (-v * 1.2) + 0.1),
    };

    /// <summary>The heart curve (x^2 + y^2 - 1)^3 = x^2 y^3.</summary>
    private static bool IsInHeart(double x, double y)
    {
        var ring = (x * x) + (y * y) - 1;
        return (ring * ring * ring) - (x * x * y * y * y) <= 0;
    }
}
