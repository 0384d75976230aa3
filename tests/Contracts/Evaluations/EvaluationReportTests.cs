using VaeCluster.Contracts;
using VaeCluster.Contracts.Evaluations;

namespace VaeCluster.Tests.Contracts.Evaluations;

public sealed class EvaluationReportTests
{
    private static readonly EvaluationReport Report = new() { RunId = "r-1", Step = 5, Examples = 2, Elbo = -3.5 };

    [Fact]
    public void ToJson_StatesTheFormatVersionFirst() =>
        Assert.StartsWith("{\"formatVersion\":1,\"runId\":\"r-1\",", string.Concat(Report.ToJson().Where(c => !char.IsWhiteSpace(c))), StringComparison.Ordinal);

    [Fact]
    public void Parse_OfTheCurrentVersion_GivesTheReport() =>
        Assert.Equal((5, -3.5), (EvaluationReport.Parse(Report.ToJson()).Step, EvaluationReport.Parse(Report.ToJson()).Elbo));

    [Theory]
    [InlineData("\"formatVersion\": 2", "has format version 2")]
    [InlineData("\"note\": 1", "states no format version")]
    public void Parse_OfAnotherVersion_IsRefused_AndNamesTheRemedy(string stated, string found)
    {
        var json = Report.ToJson().Replace("\"formatVersion\": 1", stated, StringComparison.Ordinal);

        var e = Assert.Throws<FormatVersionException>(() => EvaluationReport.Parse(json, "5.json"));

        Assert.Equal($"5.json {found}; this build reads version 1. Use the build that wrote the file, or delete it and evaluate the step again.", e.Message);
    }
}
