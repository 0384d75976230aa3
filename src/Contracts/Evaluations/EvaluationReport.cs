using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace VaeCluster.Contracts.Evaluations;

/// <summary>
/// A model as the field evaluates it, on the run's held-out examples; nats per example. What a model or its data do not have is null or empty. The same
/// weights and number of samples give the same numbers, however many devices computed them.
/// </summary>
[GenerateSerializer, Immutable, Alias("vaecluster.EvaluationReport")]
public sealed record EvaluationReport
{
    /// <summary>The version of the report's JSON form that this build reads and writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the form; see <see cref="CurrentVersion"/>.</summary>
    [Id(20)] public int FormatVersion { get; init; } = CurrentVersion;

    /// <summary>The run.</summary>
    [Id(0)] public required string RunId { get; init; }

    /// <summary>The step whose weights were evaluated.</summary>
    [Id(1)] public required long Step { get; init; }

    /// <summary>Held-out examples.</summary>
    [Id(2)] public required long Examples { get; init; }

    /// <summary>-(reconstruction + KL), with beta 1.</summary>
    [Id(3)] public double Elbo { get; init; }

    /// <summary>-E_q[log p(x|z)], one draw per example.</summary>
    [Id(4)] public double Reconstruction { get; init; }

    /// <summary>KL(q(z|x) || N(0, I)); what stands in its place where the model is no VAE.</summary>
    [Id(5)] public double Kl { get; init; }

    /// <summary>Importance samples per example; 0 when the likelihood was left out.</summary>
    [Id(6)] public int Samples { get; init; }

    /// <summary>-log p(x), estimated with them: an upper bound in expectation that falls to the truth as they grow.</summary>
    [Id(7)] public double? NegativeLogLikelihood { get; init; }

    /// <summary>Standard error of its mean over the examples.</summary>
    [Id(8)] public double? NegativeLogLikelihoodError { get; init; }

    /// <summary>Latent dimensions whose posterior mean has a variance over 0.01.</summary>
    [Id(9)] public int ActiveUnits { get; init; }

    /// <summary>Mean KL of each latent dimension.</summary>
    [Id(10)] public ImmutableArray<double> KlPerDimension { get; init; } = [];

    /// <summary>Variance of the posterior mean of each latent dimension.</summary>
    [Id(11)] public ImmutableArray<double> MeanVariances { get; init; } = [];

    /// <summary>Mean of the aggregate posterior in each latent dimension; the prior's is 0.</summary>
    [Id(12)] public ImmutableArray<double> AggregateMeans { get; init; } = [];

    /// <summary>Variance of the aggregate posterior in each latent dimension; the prior's is 1.</summary>
    [Id(13)] public ImmutableArray<double> AggregateVariances { get; init; } = [];

    /// <summary>Examples that the next two are over, the first of those held out.</summary>
    [Id(14)] public int AggregateExamples { get; init; }

    /// <summary>I_q(x; z): the information in a code about its example; at most the logarithm of <see cref="AggregateExamples"/>.</summary>
    [Id(15)] public double? MutualInformation { get; init; }

    /// <summary>KL(q(z) || N(0, I)) of the aggregate posterior.</summary>
    [Id(16)] public double? MarginalKl { get; init; }

    /// <summary>The mutual information gap, 0 to 1, where the data's factors are known.</summary>
    [Id(17)] public double? MutualInformationGap { get; init; }

    /// <summary>FactorVAE's score: the share of votes that name the right factor, 0 to 1.</summary>
    [Id(18)] public double? FactorVaeScore { get; init; }

    /// <summary>The gap of each factor.</summary>
    [Id(19)] public ImmutableArray<FactorGap> Factors { get; init; } = [];

    /// <summary>The report as a file holds it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonForms.Document);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <param name="file">What the text is called in an error.</param>
    /// <exception cref="FormatVersionException">The report is of another version of the form, or of none.</exception>
    /// <exception cref="JsonException">The text is not a report.</exception>
    public static EvaluationReport Parse(string json, string file = "The evaluation report")
    {
        var claim = JsonSerializer.Deserialize<Claim>(json, JsonForms.Document) ?? throw new JsonException("The text holds null.");
        var found = claim.FormatVersion?.ToString(CultureInfo.InvariantCulture);
        FormatVersionException.ThrowUnless(file, found, CurrentVersion, "delete it and evaluate the step again");
        return JsonSerializer.Deserialize<EvaluationReport>(json, JsonForms.Document)!;
    }

    private sealed record Claim(int? FormatVersion);
}

/// <summary>How well one factor of variation is kept apart.</summary>
/// <param name="Name">The factor.</param>
/// <param name="Dimension">The latent dimension with the most information about it.</param>
/// <param name="MutualInformation">Mutual information of that dimension and the factor, nats.</param>
/// <param name="Gap">How much more than the next best, as a share of the factor's entropy.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.FactorGap")]
public sealed record FactorGap(
    [property: Id(0)] string Name,
    [property: Id(1)] int Dimension,
    [property: Id(2)] double MutualInformation,
    [property: Id(3)] double Gap);
