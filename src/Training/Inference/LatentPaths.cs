namespace VaeCluster.Training.Inference;

/// <summary>Points of the latent space between and around others. Rows are points, shape [B, latent].</summary>
public static class LatentPaths
{
    /// <summary>From one point to another on the straight line: (1 - t) a + t b at <paramref name="steps"/> equally spaced t from 0 to 1.</summary>
    public static float[] Linear(ReadOnlySpan<float> from, ReadOnlySpan<float> to, int steps) => Path(from, to, steps, t => (1 - t, t));

    /// <summary>
    /// From one point to another on an arc: sin((1 - t) w) / sin w * a + sin(t w) / sin w * b, w the angle between them (Shoemake 1985; for latent
    /// spaces White 2016). The points of a Gaussian in many dimensions lie near a sphere, whose inside a straight line crosses. Points in (nearly)
    /// one direction, or opposite ones, have no such arc; between them it is the straight line.
    /// </summary>
    public static float[] Spherical(ReadOnlySpan<float> from, ReadOnlySpan<float> to, int steps)
    {
        var (dot, fromSquare, toSquare) = (0.0, 0.0, 0.0);
        for (var i = 0; i < from.Length; i++)
            (dot, fromSquare, toSquare) = (dot + (from[i] * (double)to[i]), fromSquare + (from[i] * (double)from[i]), toSquare + (to[i] * (double)to[i]));
        var angle = Math.Acos(Math.Clamp(dot / Math.Sqrt(fromSquare * toSquare), -1, 1));
        var sine = Math.Sin(angle);
        // Where a point is the origin the angle is not a number.
        return sine > 1e-6 ? Path(from, to, steps, t => (Math.Sin((1 - t) * angle) / sine, Math.Sin(t * angle) / sine)) : Linear(from, to, steps);
    }

    /// <summary>Copies of a point whose one coordinate takes <paramref name="steps"/> equally spaced values.</summary>
    public static float[] Traverse(ReadOnlySpan<float> point, int dimension, double low, double high, int steps)
    {
        var path = new float[steps * point.Length];
        for (var i = 0; i < steps; i++)
        {
            point.CopyTo(path.AsSpan(i * point.Length));
            path[(i * point.Length) + dimension] = (float)At(low, high, i, steps);
        }
        return path;
    }

    /// <summary>
    /// The points of a square grid in two dimensions, all others 0, at the quantiles (i + 1/2) / side of the standard normal distribution: each
    /// cell of the grid stands for an equal share of the prior (Kingma and Welling 2014, appendix A). Row after row, the second dimension falling
    /// from row to row as on paper.
    /// </summary>
    public static float[] Manifold(int latent, int horizontal, int vertical, int side)
    {
        var grid = new float[side * side * latent];
        for (var cell = 0; cell < side * side; cell++)
        {
            grid[(cell * latent) + horizontal] = (float)ManifoldCoordinate(cell % side, side);
            grid[(cell * latent) + vertical] = (float)ManifoldCoordinate(side - 1 - (cell / side), side);
        }
        return grid;
    }

    /// <summary>The coordinate of a cell of the manifold.</summary>
    public static double ManifoldCoordinate(int cell, int side) => NormalQuantile.At((cell + 0.5) / side);

    /// <summary>The i-th of equally spaced values.</summary>
    public static double At(double low, double high, int i, int steps) => steps == 1 ? (low + high) / 2 : low + ((high - low) * i / (steps - 1));

    private static float[] Path(ReadOnlySpan<float> from, ReadOnlySpan<float> to, int steps, Func<double, (double From, double To)> weights)
    {
        var path = new float[steps * from.Length];
        for (var step = 0; step < steps; step++)
        {
            var (a, b) = weights(At(0, 1, step, steps));
            for (var i = 0; i < from.Length; i++)
                path[(step * from.Length) + i] = (float)((a * from[i]) + (b * to[i]));
        }
        return path;
    }
}
