using Grpc.Core;
using VaeCluster.Benchmarks.Probes;
using VaeCluster.Benchmarks.Results;

namespace VaeCluster.Benchmarks;

/// <summary>
/// Measures round by round: everything once, then everything again. So what is compared runs seconds apart, and what else the machine
/// does meanwhile reaches both sides.
/// </summary>
internal static class BenchmarkRunner
{
    /// <summary>Measures what the rows need. A figure that cannot be measured is noted with the reason, and the others go on.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="settings">How.</param>
    /// <param name="progress">Gets a line for each measurement.</param>
    /// <param name="cancellationToken">Ends the benchmark.</param>
    public static async Task<FigureLog> RunAsync(
        IReadOnlyList<BenchmarkRow> rows, BenchmarkSettings settings, TextWriter progress, CancellationToken cancellationToken)
    {
        var log = new FigureLog();
        var needed = rows.SelectMany(row => new[] { row.Figure, row.Against }).OfType<string>().ToHashSet();
        Probe[] probes = [.. Suite.Probes.Where(probe => probe.Figures.Any(needed.Contains))];
        if (needed.Except(probes.SelectMany(probe => probe.Figures)).FirstOrDefault() is { } missing)
            throw new InvalidOperationException($"No probe of the suite measures '{missing}'.");
        for (var round = 1; round <= settings.Rounds; round++)
        {
            foreach (var probe in probes)
            {
                var line = await MeasureAsync(probe, round, log, settings, cancellationToken);
                await progress.WriteLineAsync($"bench: round {round} of {settings.Rounds}: {line}");
            }
        }
        return log;
    }

    private static async Task<string> MeasureAsync(
        Probe probe, int round, FigureLog log, BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            var measured = await probe.MeasureAsync(settings, cancellationToken);
            foreach (var (figure, measurement) in probe.Figures.Zip(measured))
                log.Add(figure, round, measurement);
            return string.Join("; ", probe.Figures.Zip(measured, Describe));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is costs the rows of this probe: the report has the reason, and the others are measured all the same.
            var reason = (e is RpcException call ? call.Status.Detail : e.Message).ReplaceLineEndings(" ").Trim();
            foreach (var figure in probe.Figures)
                log.Fail(figure, $"{figure} in round {round}: {reason}");
            return $"{string.Join(", ", probe.Figures)} failed: {reason}";
        }
    }

    private static string Describe(string figure, Measurement measured)
    {
        var cpu = measured.CpuSecondsPerThousand is { } seconds ? FormattableString.Invariant($", {seconds:G3} CPU s per 1,000") : "";
        return FormattableString.Invariant($"{figure} {measured.Rate:G5} per s{cpu}");
    }
}
