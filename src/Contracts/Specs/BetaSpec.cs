namespace VaeCluster.Contracts.Specs;

/// <summary>The weight of the KL term over time (beta-VAE; KL annealing).</summary>
public sealed class BetaSpec
{
    /// <summary>How beta moves.</summary>
    /// <value>Default <see cref="BetaScheduleKind.Constant"/>.</value>
    public BetaScheduleKind Schedule { get; set; } = BetaScheduleKind.Constant;

    /// <summary>Beta at the end of its schedule.</summary>
    /// <value>Default 1, which is the ELBO.</value>
    public double Value { get; set; } = 1;

    /// <summary>
    /// Steps over which <c>linear</c>, <c>sigmoid</c> and each cycle of <c>cyclical</c> rise to <see cref="Value"/>, and <c>capacity</c> to
    /// <see cref="Capacity"/>.
    /// </summary>
    /// <value>Default 0.</value>
    public int WarmupSteps { get; set; }

    /// <summary>Steps of one cycle of <c>cyclical</c>: it rises over <see cref="WarmupSteps"/> of them and stays for the rest.</summary>
    /// <value>Default 0.</value>
    public int Period { get; set; }

    /// <summary>The KL that <c>capacity</c> ends at, in nats.</summary>
    /// <value>Default 0.</value>
    public double Capacity { get; set; }
}

/// <summary>How the weight of the KL term moves.</summary>
public enum BetaScheduleKind
{
    /// <summary>It does not.</summary>
    Constant,

    /// <summary>From 0 up to its value over the warm-up, then constant (Bowman et al. 2016).</summary>
    Linear,

    /// <summary>As linear, and again from 0 in every period (Fu et al. 2019).</summary>
    Cyclical,

    /// <summary>Along the logistic function, at half its value in the middle of the warm-up (Bowman et al. 2016).</summary>
    Sigmoid,

    /// <summary>The KL is held at a capacity that rises: value * |KL - C(t)| (Burgess et al. 2018).</summary>
    Capacity,
}
