using VaeCluster.Benchmarks.Results;

namespace VaeCluster.Build.Tests.Benchmarks;

/// <summary>How the benchmark shows its results.</summary>
public sealed class ResultTableTests
{
    private static readonly BenchmarkRow Mlp = new("mlp", "mlp, one trainer", Quantity.SamplesPerSecond, "ours", "peer", "plain loop", 1.5);
    private static readonly BenchmarkRow Step = new("step", "a step", Quantity.MillisecondsPerStep, "step", Target: 2);

    [Fact]
    public void Render_ShowsEachSide_TheRatioWithItsSpread_AndWhetherTheTargetWasReached()
    {
        var log = RowResultTests.Log(("ours", [12_000, 16_000]), ("peer", [8_000, 10_000]), ("step", [400]));

        var table = ResultTable.Render([RowResult.From(Mlp, log), RowResult.From(Step, log)]);

        Assert.Equal(
            """
            | row  | what             | against    |             ours |           other |  ratio (min-max) |          target | reached | CPU s per 1,000: ours | other | peak MB: ours | other |
            | ---- | ---------------- | ---------- | ---------------: | --------------: | ---------------: | --------------: | ------- | --------------------: | ----: | ------------: | ----: |
            | mlp  | mlp, one trainer | plain loop | 14,000 samples/s | 9,000 samples/s | 1.56 (1.50-1.60) |   at least 1.50 | yes     |                 0.036 | 0.056 |             2 |     2 |
            | step | a step           | -          |          2.50 ms |               - |      (2.50-2.50) | at most 2.00 ms | no      |                 1.250 |     - |             1 |     - |

            """,
            table);
    }

    [Fact]
    public void Render_OfAPeerThatFailed_SaysSo_WithTheReasonBelow()
    {
        var log = RowResultTests.Log(("ours", [12_000]));
        log.Fail("peer", "peer in round 1: this Python has no torch.");
        RowResult[] results = [RowResult.From(Mlp, log), RowResult.From(Step with { Figure = "ours" }, log)];

        Assert.Contains("| 12,000 samples/s | failed |", ResultTable.Render(results), StringComparison.Ordinal);
        Assert.Contains("| not measured |", ResultTable.Render(results), StringComparison.Ordinal);
        Assert.Equal("- `mlp`: peer in round 1: this Python has no torch.\n", ResultTable.RenderFailures(results));
    }
}
