using System.ComponentModel;
using System.Diagnostics;
using OpenTelemetry.Metrics;

namespace VaeCluster.Compat.OpenTelemetry;

/// <summary>Prometheus' own parser and linter reads what we write.</summary>
public sealed class PromtoolTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_OfAllKindsWithOddText_FindsNothing()
    {
        await using var host = await MetricsHost.StartAsync(
            o => (o.ScopeInfoEnabled, o.TargetInfoEnabled) = (true, true),
            m => m.AddView("step", new ExplicitBucketHistogramConfiguration { Boundaries = [0.005, 1, 2e7] }));
        var odd = new KeyValuePair<string, object?>("text", "a\"b\\c\nd\té日😀{}=,");
        host.Meter.CreateCounter<long>("io", "By", "Bytes \\ read\n\"and\" written.").Add(1, odd);
        host.Meter.CreateUpDownCounter<int>("queue.length", null, "Waiting.").Add(-1, odd);
        host.Meter.CreateGauge<double>("loss", "{nat}", "Not finite.").Record(double.NaN, odd);
        host.Meter.CreateHistogram<double>("step", "s", "Time.").Record(0.1, odd);
        host.Meter.CreateObservableGauge("free", () => 0.5, "1", "Free.");

        var (exitCode, output) = await CheckAsync(await host.ScrapeAsync());

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Check_OfBrokenText_FindsIt()
    {
        var (exitCode, output) = await CheckAsync("# TYPE a counter\na{b=\"c} 1\n");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("error while linting", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> CheckAsync(string metrics)
    {
        using var promtool = Start();
        await promtool.StandardInput.WriteAsync(metrics.AsMemory(), Token);
        promtool.StandardInput.Close();
        var output = await Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(Token), promtool.StandardError.ReadToEndAsync(Token)).WaitAsync(TimeSpan.FromSeconds(30), Token);
        await promtool.WaitForExitAsync(Token);
        return (promtool.ExitCode, string.Concat(output) + "\n" + metrics);
    }

    private static Process Start()
    {
        try
        {
            return Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception ex)
        {
            Assert.Skip($"promtool does not start ({ex.Message}); it is in Debian's package prometheus.");
            throw;
        }
    }
}
