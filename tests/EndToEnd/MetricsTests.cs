using System.Text.RegularExpressions;
using VaeCluster.Contracts.V1;

namespace VaeCluster.EndToEnd;

/// <summary>What a silo that trains reports to Prometheus, and what the dashboard asks of it.</summary>
public sealed partial class MetricsTests
{
    /// <summary>What promtool exits with when it found something.</summary>
    private const int LintProblems = 3;

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(90);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scrape_DuringARun_HasEveryMetricOfTheDashboard_AndAfterItNoSeriesOfTheRun()
    {
        await using var silo = await SiloProcess.StartAsync();
        var run = await SubmitAsync(silo, epochs: 40);

        var during = await TrainingScrapeAsync(silo, run.RunId);
        var ended = await EndAsync(silo, run.RunId);
        Assert.True(ended.Phase == Phase.Succeeded, $"The run ended as {ended.Phase}: {ended.Conditions[^1].Message}\n{silo.Output}");
        var after = await ScrapeAsync(silo, text => text.Contains("vaecluster_runs{state=\"succeeded\"} 1\n", StringComparison.Ordinal), "a count of the run as succeeded");

        var served = NamesOf(during);
        Assert.All(Dashboard.Expressions, panel =>
        {
            var wanted = Dashboard.MetricsOf(panel.Expression).ToList();
            Assert.NotEmpty(wanted);
            Assert.True(wanted.TrueForAll(served.Contains), $"'{panel.Panel}' asks for {panel.Expression}; there are only {string.Join(", ", served.Order())}.");
        });
        Assert.DoesNotContain(run.RunId, after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_DuringARun_ReportsItsLastEvaluation()
    {
        await using var silo = await SiloProcess.StartAsync();
        var run = await SubmitAsync(silo, epochs: 1000);

        var metrics = await TrainingScrapeAsync(silo, run.RunId);
        var history = (await silo.Cluster.Models.ListEvaluationsAsync(new GetRunRequest { RunId = run.RunId }, cancellationToken: Token)).Evaluations;

        // It trains on, so there may be one more by now.
        Assert.Contains(ValueOf(metrics, "vaecluster_evaluation_elbo_nats"), history.Select(report => report.Elbo));
        Assert.Contains(ValueOf(metrics, "vaecluster_evaluation_negative_log_likelihood_nats"), history.Select(report => report.NegativeLogLikelihood));
        Assert.Contains(ValueOf(metrics, "vaecluster_evaluation_active_units"), history.Select(report => (double)report.ActiveUnits));
    }

    [Fact]
    public async Task Scrape_DuringARun_PassesTheLinterOfPrometheus()
    {
        await using var silo = await SiloProcess.StartAsync();
        var run = await SubmitAsync(silo, epochs: 1000);
        var file = Path.Combine(silo.DataDir, "metrics.txt");
        await File.WriteAllTextAsync(file, await TrainingScrapeAsync(silo, run.RunId), Token);

        await using var promtool = OptionalProgram.StartOrSkip("/bin/sh", ["-c", $"command -v promtool > /dev/null || exit 127; promtool check metrics < '{file}'"], "every system");
        var exitCode = await promtool.ExitAsync(WaitTimeout, TestContext.Current.CancellationToken);

        Assert.SkipWhen(exitCode == 127, "promtool is not installed; it is in Debian's package prometheus.");
        // Orleans measures latencies in milliseconds, and a view cannot convert them.
        var problems = promtool.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !OrleansMilliseconds().IsMatch(line));
        Assert.True(exitCode is 0 or LintProblems, promtool.Output);
        Assert.Empty(problems);
    }

    [Fact]
    public async Task Prometheus_ScrapesASilo_AndAnswersEveryPanelAndVariableOfTheDashboard()
    {
        await using var silo = await SiloProcess.StartAsync();
        await using var prometheus = await PrometheusProcess.StartAsync(silo.HttpPort);
        var run = await SubmitAsync(silo, epochs: 1000);

        var elbo = await Eventually.GetAsync("vaecluster_elbo_nats in Prometheus", () => prometheus.QueryAsync("vaecluster_elbo_nats"), WaitTimeout);

        var series = Assert.Single(elbo).GetProperty("metric");
        Assert.Equal(run.RunId, series.GetProperty("run").GetString());
        Assert.Equal($"127.0.0.1:{silo.HttpPort}", series.GetProperty("instance").GetString());
        foreach (var (panel, expression) in Dashboard.Expressions)
            await Eventually.GetAsync($"an answer to '{panel}', {expression},", () => prometheus.QueryAsync(Dashboard.Resolve(expression)), WaitTimeout);
        foreach (var (name, definition) in Dashboard.Variables)
        {
            var asked = LabelValues().Match(definition);
            Assert.True(asked.Success, $"The variable {name} is {definition}; it must be label_values(metric, label).");
            await Eventually.GetAsync($"a value of the variable {name}", () => prometheus.QueryAsync($"count by ({asked.Groups["label"]}) ({asked.Groups["metric"]})"), WaitTimeout);
        }
    }

    [Fact]
    public async Task Scrape_BeforeAnyRun_ReportsTheProcessAndThatNothingTrains()
    {
        await using var silo = await SiloProcess.StartAsync();

        var metrics = await ScrapeAsync(silo);

        Assert.Superset(
            new HashSet<string>
            {
                "process_cpu_time_seconds_total", "process_memory_usage_bytes", "process_uptime_seconds", "process_unix_file_descriptors",
                "dotnet_gc_pause_time_seconds_total", "kestrel_active_connections", "orleans_catalog_activations",
                "vaecluster_build_info", "vaecluster_trainers", "vaecluster_runs",
            },
            NamesOf(metrics));
        Assert.Matches(@"(?m)^vaecluster_trainers(\{\})? 0$", metrics);
    }

    [Fact]
    public async Task Scrape_DuringARun_ExplainsEveryMetric_AndHasNoLabelThatGrows()
    {
        await using var silo = await SiloProcess.StartAsync();
        var run = await SubmitAsync(silo, epochs: 1000);

        var metrics = await TrainingScrapeAsync(silo, run.RunId);

        var lines = metrics.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var explained = lines.Where(line => line.StartsWith("# HELP ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]);
        Assert.Empty(lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).Except(explained));
        string[] known =
        [
            "cpu_mode", "direction", "error_type", "gc_heap_generation", "grain_type", "http_request_method", "http_response_status_code", "http_route", "le",
            "network_protocol_name", "network_protocol_version", "network_transport", "network_type", "run", "server_address", "server_port",
            "state", "state_name", "url_scheme", "version",
        ];
        Assert.Empty(lines.SelectMany(line => Label().Matches(line)).Select(match => match.Groups["label"].Value).Except(known));
        Assert.True(lines.Count(line => line[0] != '#') < 500, metrics);
    }

    [Fact]
    public void Panels_SayWhatTheyShow_AndInWhichUnit()
    {
        Assert.All(Dashboard.Panels, panel =>
        {
            Assert.NotEqual("", panel.GetProperty("title").GetString());
            Assert.EndsWith(".", panel.GetProperty("description").GetString(), StringComparison.Ordinal);
            Assert.NotEqual("", panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString());
        });
        Assert.Equal(Dashboard.Panels.Count, Dashboard.Panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
    }

    private static Task<Run> SubmitAsync(SiloProcess silo, int epochs)
    {
        var request = new SubmitRequest { Spec = "{ name: small, data: { source: shapes, count: 4000, imageSize: 16, test: 400 }, model: { hidden: [64], latent: 4 }, training: { batch: 64 }, logging: { every: 10 }, evaluation: { every: 50, samples: 2 } }" };
        request.Overrides.Add($"training.epochs={epochs}");
        return silo.Cluster.Runs.SubmitAsync(request, cancellationToken: Token).ResponseAsync;
    }

    /// <summary>A scrape of a silo that trains the run, has reported progress of it and has evaluated it.</summary>
    private static Task<string> TrainingScrapeAsync(SiloProcess silo, string runId) =>
        ScrapeAsync(
            silo,
            text => Array.TrueForAll(["vaecluster_elbo_nats", "vaecluster_evaluation_elbo_nats"], name => Regex.IsMatch(text, $"(?m)^{name}{{run=\"{runId}\"}} ")),
            $"vaecluster_elbo_nats of {runId}, which is there from the first logged step on, and vaecluster_evaluation_elbo_nats, from step 50 on");

    /// <summary>The first scrape that will do.</summary>
    private static Task<string> ScrapeAsync(SiloProcess silo, Predicate<string> willDo, string what) =>
        Eventually.GetAsync(what, async () => await ScrapeAsync(silo) is var text && willDo(text) ? text : null, WaitTimeout);

    private static Task<string> ScrapeAsync(SiloProcess silo) => silo.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token);

    private static async Task<Run> EndAsync(SiloProcess silo, string runId)
    {
        Run? last = null;
        await foreach (var run in silo.Cluster.WatchAsync(runId, cancellationToken: Token))
            last = run;
        return last!;
    }

    private static double ValueOf(string metrics, string name) =>
        double.Parse(Regex.Match(metrics, $"(?m)^{name}{{[^}}]*}} (.*)$").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static HashSet<string> NamesOf(string metrics) => [.. Sample().Matches(metrics).Select(match => match.Groups["name"].Value)];

    [GeneratedRegex(@"^(?<name>[a-z]\w*)", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("[{,](?<label>\\w+)=\"")]
    private static partial Regex Label();

    [GeneratedRegex("^orleans_\\w+_milliseconds use base unit ")]
    private static partial Regex OrleansMilliseconds();

    [GeneratedRegex(@"^label_values\((?<metric>\w+), (?<label>\w+)\)$")]
    private static partial Regex LabelValues();
}
