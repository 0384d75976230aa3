namespace VaeCluster.Contracts.Specs;

/// <summary>The learning rate over time.</summary>
public sealed class LearningRateSpec
{
    /// <summary>What follows the warm-up.</summary>
    /// <value>Default <see cref="LearningRateScheduleKind.Constant"/>.</value>
    public LearningRateScheduleKind Kind { get; set; } = LearningRateScheduleKind.Constant;

    /// <summary>Steps over which the rate rises linearly from 0.</summary>
    /// <value>Default 0.</value>
    public int WarmupSteps { get; set; }

    /// <summary>The rate at the last step of <c>linear</c> and <c>cosine</c>, as a fraction of the peak.</summary>
    /// <value>Default 0.</value>
    public double FinalFraction { get; set; }

    /// <summary>Epochs between two reductions of <c>step</c>.</summary>
    /// <value>Default 10.</value>
    public int StepEpochs { get; set; } = 10;

    /// <summary>What <c>step</c> multiplies the rate by.</summary>
    /// <value>Default 0.1.</value>
    public double StepFactor { get; set; } = 0.1;

    /// <summary>How many times as long as the one before each stage of <c>step</c> lasts (Burda et al. 2016 use 3).</summary>
    /// <value>Default 1: all stages are of equal length.</value>
    public double StepGrowth { get; set; } = 1;
}

/// <summary>What follows the warm-up of the learning rate.</summary>
public enum LearningRateScheduleKind
{
    /// <summary>The peak rate, to the end.</summary>
    Constant,

    /// <summary>A straight line down to the final fraction.</summary>
    Linear,

    /// <summary>Half a cosine down to the final fraction.</summary>
    Cosine,

    /// <summary>Reduced by a factor after every given number of epochs.</summary>
    Step,
}
