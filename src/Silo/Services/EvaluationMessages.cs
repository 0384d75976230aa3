using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.V1;
using Evaluation = VaeCluster.Contracts.V1.Evaluation;

namespace VaeCluster.Silo.Services;

/// <summary>Evaluations as messages of the API.</summary>
internal static class EvaluationMessages
{
    public static EvaluationProgress ToMessage(this EvaluationStatus status) => new()
    {
        ShardsDone = status.ShardsDone,
        ShardCount = status.ShardCount,
        Devices = { status.Devices },
        Message = status.Message,
        Report = status.Report?.ToMessage(),
    };

    public static Evaluation ToMessage(this EvaluationReport report)
    {
        var message = new Evaluation
        {
            RunId = report.RunId,
            Step = report.Step,
            Examples = report.Examples,
            Elbo = report.Elbo,
            Reconstruction = report.Reconstruction,
            Kl = report.Kl,
            Samples = report.Samples,
            ActiveUnits = report.ActiveUnits,
            KlPerDimension = { report.KlPerDimension },
            MeanVariances = { report.MeanVariances },
            AggregateMeans = { report.AggregateMeans },
            AggregateVariances = { report.AggregateVariances },
            AggregateExamples = report.AggregateExamples,
            Factors = { report.Factors.Select(ToMessage) },
        };
        // A field that is optional takes no null: it is set, or it is not.
        if (report.NegativeLogLikelihood is { } likelihood)
            message.NegativeLogLikelihood = likelihood;
        if (report.NegativeLogLikelihoodError is { } error)
            message.NegativeLogLikelihoodError = error;
        if (report.MutualInformation is { } information)
            message.MutualInformation = information;
        if (report.MarginalKl is { } marginal)
            message.MarginalKl = marginal;
        if (report.MutualInformationGap is { } gap)
            message.MutualInformationGap = gap;
        if (report.FactorVaeScore is { } score)
            message.FactorVaeScore = score;
        return message;
    }

    private static FactorScore ToMessage(FactorGap factor) => new()
    {
        Name = factor.Name,
        Dimension = factor.Dimension,
        MutualInformation = factor.MutualInformation,
        Gap = factor.Gap,
    };
}
