namespace VaeCluster.Training.Inference;

/// <summary>Chooses dimensions of a latent space, and checks those that a caller chose.</summary>
internal static class LatentDimensions
{
    /// <summary>Examples whose posteriors are averaged for the KL of each dimension.</summary>
    private const int ExamplesMax = 1000;

    /// <summary>What is said of each example in each dimension: the mean KL(q(z_j|x) || N(0, 1)) in nats, shape [latent].</summary>
    public static double[] MeanKl(TrainedModel model)
    {
        var split = model.Data.TestExamples > 0 ? ExampleSplit.HeldOut : ExampleSplit.Train;
        var (posterior, _, count) = model.EncodeExamples(split, 0, ExamplesMax);
        var kl = new double[model.Latent];
        for (var i = 0; i < posterior.Mean.Length; i++)
            kl[i % kl.Length] +=
                0.5 * ((posterior.Mean[i] * (double)posterior.Mean[i]) + Math.Exp(posterior.LogVariance[i]) - 1 - posterior.LogVariance[i]) / count;
        return kl;
    }

    /// <summary>The variance of each value of a code over examples, for models that have no posterior: shape [latent].</summary>
    public static double[] Variance(TrainedModel model)
    {
        var split = model.Data.TestExamples > 0 ? ExampleSplit.HeldOut : ExampleSplit.Train;
        var (posterior, _, count) = model.EncodeExamples(split, 0, ExamplesMax);
        return [.. Enumerable.Range(0, model.Latent).Select(dimension =>
        {
            var values = Enumerable.Range(0, count).Select(row => (double)posterior.Mean[(row * model.Latent) + dimension]).ToList();
            var mean = values.Average();
            return values.Average(value => (value - mean) * (value - mean));
        })];
    }

    /// <summary>The dimensions with the largest measure, that one first; of equal ones the first.</summary>
    public static int[] MostInformative(double[] measure, int count) =>
        [.. Enumerable.Range(0, measure.Length).OrderByDescending(dimension => measure[dimension]).Take(count)];

    /// <summary>Two dimensions to span a plane: those asked for, the only two, or the two with the largest KL.</summary>
    /// <exception cref="ArgumentException">They cannot span a plane of this model.</exception>
    public static (int Horizontal, int Vertical, string Note) Plane(TrainedModel model, IReadOnlyList<int> asked)
    {
        if (model.Latent < 2)
            throw new ArgumentException(
                $"The model of run '{model.Source.Plan.RunId}' has 1 latent dimension; a plane needs 2. Use `vaectl traverse`, or train "
                    + "with model.latent of 2 or more.");
        if (asked.Count is not (0 or 2) || (asked.Count == 2 && asked[0] == asked[1]))
            throw new ArgumentException($"The dimensions are {string.Join(", ", asked)}; a plane needs two different ones. Give two, or none for the default.");
        Check(model, asked);
        if (asked.Count == 2)
            return (asked[0], asked[1], "");
        if (model.Latent == 2)
            return (0, 1, "");
        var chosen = MostInformative(model.IsVariational ? MeanKl(model) : Variance(model), 2);
        var measure = model.IsVariational ? "KL" : "variance";
        return (chosen[0], chosen[1], $"Dimensions {chosen[0]} and {chosen[1]} of {model.Latent} are shown: their {measure} is the largest.");
    }

    /// <exception cref="ArgumentException">The model has no such dimension.</exception>
    public static void Check(TrainedModel model, IEnumerable<int> asked)
    {
        foreach (var dimension in asked.Where(dimension => dimension < 0 || dimension >= model.Latent))
            throw new ArgumentException(
                $"Dimension {dimension} is requested, but the model of run '{model.Source.Plan.RunId}' has {model.Latent}, 0 to {model.Latent - 1}.");
    }
}
