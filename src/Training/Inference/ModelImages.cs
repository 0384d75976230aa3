using System.Globalization;
using VaeCluster.Data.Randomness;
using VaeCluster.Plots;

namespace VaeCluster.Training.Inference;

/// <summary>The images by which people look at a trained model. Everything is a pure function of the weights, the data and the arguments.</summary>
public static class ModelImages
{
    /// <summary>Rows of a traversal when the dimensions are not given: those that say the least are left out.</summary>
    private const int TraverseRowsMax = 32;

    /// <summary>Means of p(x|z) at draws of z from the prior: N(0, I), or what the model has in its place.</summary>
    /// <param name="model">The model.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Keys the draws; the same seed gives the same latent points for every model of this size.</param>
    public static ModelImage Samples(TrainedModel model, int count, long seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        var z = model.DrawCodes(new CounterRandom(seed, RandomPurpose.Samples, 0), count);
        return new("samples", ImageGrid.RenderPng(model.Decode(z), model.Data, (int)Math.Ceiling(Math.Sqrt(count))));
    }

    /// <summary>Examples, and below each what comes back through the posterior's mean.</summary>
    public static ModelImage Reconstructions(TrainedModel model, ExampleSplit split, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(model);
        var examples = model.Examples(split, first, count);
        var columns = Math.Min(examples.Count, Math.Max(10, (int)Math.Ceiling(Math.Sqrt(2.0 * examples.Count))));
        var reconstructions = model.Decode(model.Encode(examples.Pixels).Mean);
        var pairs = (examples.Count + columns - 1) / columns;
        var images = new float[2 * pairs * columns * model.Data.Dimensions];
        Array.Fill(images, float.NaN); // Nothing, where the last row is not full.
        var row = columns * model.Data.Dimensions;
        for (var pair = 0; pair < pairs; pair++)
        {
            var length = Math.Min(row, examples.Pixels.Length - (pair * row));
            examples.Pixels.AsSpan(pair * row, length).CopyTo(images.AsSpan(2 * pair * row));
            reconstructions.AsSpan(pair * row, length).CopyTo(images.AsSpan(((2 * pair) + 1) * row));
        }
        string[] labels = [.. Enumerable.Range(0, pairs).SelectMany(_ => (string[])["example", "reconstruction"])];
        return new("reconstructions",
            new ImageSheet(model.Data, Title(model, "Examples and reconstructions"), labels, [.. Enumerable.Repeat("", columns)])
                .RenderPng(images));
    }

    /// <summary>Two examples, and decoded points between the means of their posteriors.</summary>
    /// <param name="model">The model.</param>
    /// <param name="split">Where the examples are from.</param>
    /// <param name="from">The first example.</param>
    /// <param name="to">The second example.</param>
    /// <param name="steps">Points of the path, both ends among them.</param>
    /// <param name="spherical">Along an arc rather than a straight line.</param>
    public static ModelImage Interpolation(TrainedModel model, ExampleSplit split, int from, int to, int steps, bool spherical)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.IsQuantized)
            throw new InvalidOperationException(
                $"The codes of run '{model.Source.Plan.RunId}' ({model.Spec.Model.Kind}) are entries of a codebook, and no codes lie "
                    + "between two of them. Use a VAE or a plain autoencoder for interpolations.");
        var (first, last) = (model.Examples(split, from, 1).Pixels, model.Examples(split, to, 1).Pixels);
        var (a, b) = (model.Encode(first).Mean, model.Encode(last).Mean);
        var path = spherical ? LatentPaths.Spherical(a, b, steps) : LatentPaths.Linear(a, b, steps);
        string[] columns = [$"x {from}", .. Enumerable.Range(0, steps).Select(step => Number(LatentPaths.At(0, 1, step, steps))), $"x {to}"];
        var sheet = new ImageSheet(model.Data, Title(model, spherical ? "Spherical interpolation" : "Interpolation"), [""], columns);
        return new("interpolation", sheet.RenderPng([.. first, .. model.Decode(path), .. last]));
    }

    /// <summary>What becomes of an example when one coordinate of its posterior's mean takes other values: a row for each dimension.</summary>
    /// <param name="model">The model.</param>
    /// <param name="split">Where the example is from.</param>
    /// <param name="example">The example.</param>
    /// <param name="dimensions">Which; none takes those with the largest KL, 32 at most.</param>
    /// <param name="range">Values go from minus this to this.</param>
    /// <param name="steps">How many values.</param>
    public static ModelImage Traversal(TrainedModel model, ExampleSplit split, int example, IReadOnlyList<int> dimensions, double range, int steps)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dimensions);
        model.RequireVariational("A traversal");
        LatentDimensions.Check(model, dimensions);
        var kl = LatentDimensions.MeanKl(model);
        var chosen = dimensions.Count > 0 ? dimensions : LatentDimensions.MostInformative(kl, TraverseRowsMax);
        var mean = model.Encode(model.Examples(split, example, 1).Pixels).Mean;
        float[] points = [.. chosen.SelectMany(dimension => LatentPaths.Traverse(mean, dimension, -range, range, steps))];
        string[] rows = [.. chosen.Select(dimension => $"z{dimension}  KL {Number(kl[dimension])}")];
        string[] columns = [.. Enumerable.Range(0, steps).Select(step => Number(LatentPaths.At(-range, range, step, steps)))];
        var note = dimensions.Count == 0 && chosen.Count < model.Latent
            ? $"The {chosen.Count} dimensions with the largest KL of {model.Latent} are shown."
            : "";
        return new(
            "traversal",
            new ImageSheet(model.Data, Title(model, $"Traversals from example {example}"), rows, columns).RenderPng(model.Decode(points)),
            Note: note);
    }

    /// <summary>How many rows a traversal has.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dimensions">As for the traversal.</param>
    public static int TraversalRows(TrainedModel model, IReadOnlyCollection<int> dimensions)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dimensions);
        return dimensions.Count > 0 ? dimensions.Count : Math.Min(TraverseRowsMax, model.Latent);
    }

    /// <summary>The decoder's means over a plane of the latent space, through the quantiles of the prior; see <see cref="LatentPaths.Manifold"/>.</summary>
    public static ModelImage Manifold(TrainedModel model, int side, IReadOnlyList<int> dimensions)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dimensions);
        model.RequireVariational("A manifold through the prior's quantiles");
        var (horizontal, vertical, note) = LatentDimensions.Plane(model, dimensions);
        var images = model.Decode(LatentPaths.Manifold(model.Latent, horizontal, vertical, side));
        string[] labels = [.. Enumerable.Range(0, side).Select(cell => Number(LatentPaths.ManifoldCoordinate(cell, side)))];
        var title = Title(model, $"Manifold: z{horizontal} to the right, z{vertical} upwards");
        var sheet = new ImageSheet(model.Data, title, [.. labels.Reverse()], labels) { Gap = 0, CellSideMin = 28 };
        return new("manifold", sheet.RenderPng(images), Note: note);
    }

    /// <summary>Where the means of posteriors lie in a plane of the latent space, coloured by label.</summary>
    public static ModelImage Scatter(TrainedModel model, ExampleSplit split, int count, IReadOnlyList<int> dimensions)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dimensions);
        var (horizontal, vertical, note) = LatentDimensions.Plane(model, dimensions);
        var (posterior, labels, shown) = model.EncodeExamples(split, 0, count);
        var mean = posterior.Mean;
        var points = Enumerable.Range(0, shown)
            .Select(i => new ScatterPoint(mean[(i * model.Latent) + horizontal], mean[(i * model.Latent) + vertical], labels?[i] ?? 0));
        string[] groups = labels is null ? [] : [.. Enumerable.Range(0, labels.Max() + 1).Select(model.NameOf)];
        var plot = new ScatterPlot(
            Title(model,
                $"{(model.IsVariational ? "Posterior means" : "Codes")} of {shown:N0} {(split == ExampleSplit.HeldOut ? "held-out" : "training")} examples"),
            $"z{horizontal}",
            $"z{vertical}",
            points,
            groups);
        if (labels is null)
            note = $"{note} The data have no labels, so all points have one colour.".Trim();
        return new("scatter", plot.RenderPng(), plot.RenderSvg(), note);
    }

    private static string Title(TrainedModel model, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{what}, {model.Source.Plan.RunId}, step {model.Source.Step:N0}");

    // Adding 0 turns the negative zero that rounding may leave into a plain one.
    private static string Number(double value) => (Math.Round(value, 2) + 0).ToString("0.00", CultureInfo.InvariantCulture);
}
