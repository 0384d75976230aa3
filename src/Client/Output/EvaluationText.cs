using System.Globalization;
using Spectre.Console;
using VaeCluster.Contracts.V1;
using static VaeCluster.Client.Output.ProgressText;

namespace VaeCluster.Client.Output;

/// <summary>Evaluations, for people.</summary>
internal static class EvaluationText
{
    public static string Of(EvaluationProgress progress) => progress.Devices.Count == 0
        ? $"waiting: {progress.Message}"
        : $"{progress.ShardsDone} of {progress.ShardCount} shards evaluated, on {string.Join(", ", progress.Devices)}";

    public static void Write(TextWriter output, Evaluation report)
    {
        output.WriteLine(Inv($"Run {report.RunId}, step {report.Step}, {report.Examples} held-out examples (nats per example)"));
        if (report.KlPerDimension.Count == 0)
        {
            Field(output, "Reconstruction", Inv($"{report.Reconstruction:F3}"));
            Field(output, "Regularization", Inv($"{report.Kl:F3}"));
            output.WriteLine("  The model is not a VAE: it has no posterior, so its likelihood and mutual information are not evaluated.");
            return;
        }
        Field(output, "ELBO", Inv($"{report.Elbo:F3} = -(reconstruction {report.Reconstruction:F3} + KL {report.Kl:F3})"));
        if (report.HasNegativeLogLikelihood)
            Field(output, "-log p(x)", Inv(
                $"{report.NegativeLogLikelihood:F3}, standard error {report.NegativeLogLikelihoodError:F3}, {report.Samples} importance samples per example"));
        Field(output, "Active units", Inv($"{report.ActiveUnits} of {report.KlPerDimension.Count}"));
        Field(output, "I_q(x; z)", Inv(
            $"{report.MutualInformation:F3} of at most {Math.Log(report.AggregateExamples):F3}, the logarithm of {report.AggregateExamples} examples"));
        Field(output, "KL(q(z) || p(z))", Inv($"{report.MarginalKl:F3}"));
        WriteFactors(output, report);
        output.WriteLine("\nDimension      KL  variance of mean  aggregate mean  aggregate variance");
        foreach (var dimension in Enumerable.Range(0, report.KlPerDimension.Count).OrderByDescending(dimension => report.KlPerDimension[dimension]))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{dimension,9}  {report.KlPerDimension[dimension],6:F3}  {report.MeanVariances[dimension],16:F4}  "
                    + $"{report.AggregateMeans[dimension],14:F3}  {report.AggregateVariances[dimension],18:F3}"));
    }

    public static void WriteTable(Terminal terminal, string runId, IReadOnlyCollection<Evaluation> reports)
    {
        if (reports.Count == 0)
        {
            terminal.Output.WriteLine(
                $"Run {runId} has not been evaluated. `vaectl evaluate {runId}` evaluates it; evaluation.every in the spec evaluates a run while it trains.");
            return;
        }
        var table = new Table().NoBorder();
        string[] headings =
            ["STEP", "ELBO", "RECONSTRUCTION", "KL", "-LOG P(X)", "SAMPLES", "ACTIVE", "I(X;Z)", "MARGINAL KL", "MIG", "FACTORVAE"];
        foreach (var heading in headings)
            table.AddColumn(new TableColumn(heading).NoWrap());
        foreach (var report in reports)
        {
            table.AddRow([.. new[]
            {
                Inv($"{report.Step}"),
                Inv($"{report.Elbo:F2}"),
                Inv($"{report.Reconstruction:F2}"),
                Inv($"{report.Kl:F2}"),
                report.HasNegativeLogLikelihood ? Inv($"{report.NegativeLogLikelihood:F2}") : "-",
                Inv($"{report.Samples}"),
                Inv($"{report.ActiveUnits}/{report.KlPerDimension.Count}"),
                report.HasMutualInformation ? Inv($"{report.MutualInformation:F2}") : "-",
                report.HasMarginalKl ? Inv($"{report.MarginalKl:F2}") : "-",
                report.HasMutualInformationGap ? Inv($"{report.MutualInformationGap:F3}") : "-",
                report.HasFactorVaeScore ? Inv($"{report.FactorVaeScore:F3}") : "-",
            }.Select(cell => new Markup(Markup.Escape(cell)))]);
        }
        terminal.Console.Write(table);
    }

    private static void WriteFactors(TextWriter output, Evaluation report)
    {
        if (!report.HasMutualInformationGap)
            return;
        Field(output, "MIG", Inv($"{report.MutualInformationGap:F3}"));
        foreach (var factor in report.Factors)
            Field(output, $"  {factor.Name}", Inv($"{factor.Gap:F3}, best dimension {factor.Dimension} with {factor.MutualInformation:F3} nats"));
        Field(output, "FactorVAE score", Inv($"{report.FactorVaeScore:F3}"));
    }

    private static void Field(TextWriter output, string name, string value) => output.WriteLine($"  {name,-18}{value}");
}
