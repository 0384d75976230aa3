using System.Text.Json;

namespace VaeCluster.Contracts.Runs;

/// <summary>One line of <c>metrics.jsonl</c>: the mean over the steps since the line before. Losses are nats per example.</summary>
public sealed record MetricsLine
{
    /// <summary>The last step of the line, which is the number of steps applied.</summary>
    public long Step { get; init; }

    /// <summary>The epoch of that step, counted from 1.</summary>
    public int Epoch { get; init; }

    /// <summary>Evidence lower bound, beta 1.</summary>
    public double Elbo { get; init; }

    /// <summary>-E_q[log p(x|z)].</summary>
    public double Reconstruction { get; init; }

    /// <summary>KL(q(z|x) || N(0, I)), unweighted.</summary>
    public double Kl { get; init; }

    /// <summary>Weight of the KL term at the last step.</summary>
    public double Beta { get; init; }

    /// <summary>Learning rate at the last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Global norm of the last step's mean gradient, before clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>Examples used since the run began.</summary>
    public long Samples { get; init; }

    /// <summary>Examples per second over the line's steps.</summary>
    public double SamplesPerSecond { get; init; }

    /// <summary>Seconds a step took, on average.</summary>
    public double StepSeconds { get; init; }

    /// <summary>Steps of the line that were left out because they were not finite.</summary>
    public long SkippedSteps { get; init; }

    /// <summary>The line as JSON, without a line break.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonForms.Line);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is not such a line.</exception>
    public static MetricsLine Parse(string json) =>
        JsonSerializer.Deserialize<MetricsLine>(json, JsonForms.Line) ?? throw new JsonException("The line is null.");
}
