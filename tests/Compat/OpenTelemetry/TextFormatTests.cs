using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace VaeCluster.Compat.OpenTelemetry;

/// <summary>What each kind of instrument looks like in the text format 0.0.4.</summary>
public sealed class TextFormatTests
{
    [Fact]
    public async Task Scrape_OfCounter_HasTotal()
    {
        await using var host = await MetricsHost.StartAsync();
        var counter = host.Meter.CreateCounter<long>("steps", description: "Steps made.");
        counter.Add(3, new KeyValuePair<string, object?>("run", "a"));
        counter.Add(4, new KeyValuePair<string, object?>("run", "a"));
        counter.Add(1, new KeyValuePair<string, object?>("run", "b"));

        Assert.Equal(
            """
            # TYPE steps_total counter
            # HELP steps_total Steps made.
            steps_total{run="a"} 7
            steps_total{run="b"} 1

            """,
            await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_OfUpDownCounter_IsGauge()
    {
        await using var host = await MetricsHost.StartAsync();
        var counter = host.Meter.CreateUpDownCounter<long>("queued");
        counter.Add(5);
        counter.Add(-7);

        Assert.Equal("# TYPE queued gauge\nqueued{} -2\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_OfGauge_HasTheLastValue()
    {
        await using var host = await MetricsHost.StartAsync();
        var gauge = host.Meter.CreateGauge<double>("elbo", unit: "{nat}");
        gauge.Record(-120.5);
        gauge.Record(-0.1);

        Assert.Equal("# TYPE elbo gauge\nelbo{} -0.1\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_OfHistogram_CountsUpwards()
    {
        await using var host = await MetricsHost.StartAsync(metrics: m => m.AddView("step", new ExplicitBucketHistogramConfiguration { Boundaries = [0.005, 0.5, 10, 1e7] }));
        var histogram = host.Meter.CreateHistogram<double>("step", unit: "s", description: "Time of a step.");
        foreach (var seconds in (double[])[0.001, 0.25, 0.5, 3, 2e7])
            histogram.Record(seconds, new KeyValuePair<string, object?>("le", "taken"), new KeyValuePair<string, object?>("device", 0));

        Assert.Equal(
            """
            # TYPE step_seconds histogram
            # HELP step_seconds Time of a step.
            step_seconds_bucket{device="0",le="0.005"} 1
            step_seconds_bucket{device="0",le="0.5"} 3
            step_seconds_bucket{device="0",le="10"} 4
            step_seconds_bucket{device="0",le="10000000"} 4
            step_seconds_bucket{device="0",le="+Inf"} 5
            step_seconds_sum{device="0"} 20000003.751
            step_seconds_count{device="0"} 5

            """,
            await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_OfObservables_AsksThemEachTime()
    {
        await using var host = await MetricsHost.StartAsync();
        var asked = 0;
        host.Meter.CreateObservableCounter("read", () => (long)++asked, unit: "By");
        host.Meter.CreateObservableGauge("free", () => 0.25 * asked, unit: "1");
        host.Meter.CreateObservableUpDownCounter("held", () => -asked);

        await host.ScrapeAsync();
        var text = await host.ScrapeAsync();

        Assert.Contains("# TYPE read_bytes_total counter\nread_bytes_total{} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE free gauge\nfree{} 0.5\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE held gauge\nheld{} -2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_WhenAnObservableStopsReporting_LosesTheSeries()
    {
        await using var host = await MetricsHost.StartAsync();
        string[] runs = ["a", "b"];
        host.Meter.CreateObservableGauge("run_step", () => runs.Select(run => new Measurement<long>(1, new KeyValuePair<string, object?>("run", run))));

        var before = await host.ScrapeAsync();
        runs = ["b"];
        var after = await host.ScrapeAsync();
        runs = [];
        var none = await host.ScrapeAsync();

        Assert.Equal("# TYPE run_step gauge\nrun_step{run=\"a\"} 1\nrun_step{run=\"b\"} 1\n", before);
        Assert.Equal("# TYPE run_step gauge\nrun_step{run=\"b\"} 1\n", after);
        Assert.DoesNotContain("run=", none, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_OfNothing_IsEmpty()
    {
        await using var host = await MetricsHost.StartAsync();

        Assert.Equal("", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_OfOddLabels_EscapesThem()
    {
        await using var host = await MetricsHost.StartAsync();
        var gauge = host.Meter.CreateGauge<int>("odd", description: "A \"quoted\" \\ help\nof two lines, é日😀.");
        gauge.Record(
            1,
            new KeyValuePair<string, object?>("quote", "a\"b\\c\nd é日😀"),
            new KeyValuePair<string, object?>("with.dots-and spaces", true),
            new KeyValuePair<string, object?>("2nd", 2.5),
            new KeyValuePair<string, object?>("none", null),
            new KeyValuePair<string, object?>("whole", 3.0),
            new KeyValuePair<string, object?>("lone", "\ud800!"));

        Assert.Equal(
            """
            # TYPE odd gauge
            # HELP odd A "quoted" \\ help\nof two lines, é日😀.
            odd{_2nd="2.5",lone="�!",none="",quote="a\"b\\c\nd é日😀",whole="3.0",with_dots_and_spaces="true"} 1

            """,
            SortLabels(await host.ScrapeAsync()));
    }

    [Fact]
    public async Task Scrape_WhenKeysBecomeTheSame_JoinsTheirValues()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateGauge<int>("joined").Record(1, new KeyValuePair<string, object?>("a.b", "dot"), new KeyValuePair<string, object?>("a-b", "dash"));

        Assert.Contains("joined{a_b=\"dash;dot\"} 1\n", await host.ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_OfNonFiniteValues_SpellsThem()
    {
        await using var host = await MetricsHost.StartAsync();
        var gauge = host.Meter.CreateGauge<double>("value");
        foreach (var value in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e-300])
            gauge.Record(value, new KeyValuePair<string, object?>("of", $"{value:R}"));

        var text = await host.ScrapeAsync();

        Assert.Contains("} NaN\n", text, StringComparison.Ordinal);
        Assert.Contains("} +Inf\n", text, StringComparison.Ordinal);
        Assert.Contains("} -Inf\n", text, StringComparison.Ordinal);
        Assert.Contains("} 1E-300\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_WithScopeAndTarget_SaysThem()
    {
        await using var host = await MetricsHost.StartAsync(
            o => (o.ScopeInfoEnabled, o.TargetInfoEnabled) = (true, true),
            m => m.SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes([new("service.name", "silo"), new("cores", 8)])));
        host.Meter.CreateGauge<int>("g").Record(1, new KeyValuePair<string, object?>("k", "v"));

        Assert.Equal(
            $$"""
            # TYPE target_info gauge
            # HELP target_info Target metadata
            target_info{service_name="silo",cores="8"} 1
            # TYPE g gauge
            g{otel_scope_name="{{host.Meter.Name}}",otel_scope_version="1.2",k="v"} 1

            """,
            await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_WithTotalSuffixDisabled_KeepsTheName()
    {
        await using var host = await MetricsHost.StartAsync(o => o.DisableTotalNameSuffixForCounters = true);
        host.Meter.CreateCounter<int>("steps").Add(1);

        Assert.Equal("# TYPE steps counter\nsteps{} 1\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_WhenOneNameHasTwoTypes_DropsBothAndSaysSo()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateGauge<int>("mixed.name").Record(1);
        host.Meter.CreateHistogram<int>("mixed_name").Record(1);
        host.Meter.CreateGauge<int>("other").Record(1);

        Assert.Equal("# TYPE other gauge\nother{} 1\n", await host.ScrapeAsync());
        Assert.Single(host.Log, line => line.StartsWith("Warning: The metric 'mixed_name' is not exposed: it is recorded as ", StringComparison.Ordinal));
    }

    // The order of tags is the SDK's business.
    private static string SortLabels(string text) => string.Join('\n', text.Split('\n').Select(line =>
        line.Contains('{', StringComparison.Ordinal)
            ? line[..(line.IndexOf('{', StringComparison.Ordinal) + 1)] + string.Join(",", line[(line.IndexOf('{', StringComparison.Ordinal) + 1)..line.LastIndexOf('}')].Split(",").Order(StringComparer.Ordinal)) + line[line.LastIndexOf('}')..]
            : line));
}
