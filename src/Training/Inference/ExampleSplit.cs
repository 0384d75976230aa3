namespace VaeCluster.Training.Inference;

/// <summary>The two parts of a run's examples.</summary>
public enum ExampleSplit
{
    /// <summary>Those that evaluate the model: the last ones of the source.</summary>
    HeldOut,

    /// <summary>Those that train it: the first ones.</summary>
    Train,
}

/// <summary>Some examples of a run.</summary>
/// <param name="Count">How many.</param>
/// <param name="Pixels">Example after example, values in [0, 1].</param>
/// <param name="Labels">The class of each; null where the source has none.</param>
public sealed record ExampleBatch(int Count, float[] Pixels, int[]? Labels);

/// <summary>The Gaussian posteriors q(z|x) of some examples.</summary>
/// <param name="Mean">Shape [B, latent].</param>
/// <param name="LogVariance">Shape [B, latent]; empty where the model has codes and no posteriors.</param>
public sealed record PosteriorBatch(float[] Mean, float[] LogVariance);
