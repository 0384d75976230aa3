using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using VaeCluster.Contracts.V1;
using static VaeCluster.Client.Output.ProgressText;

namespace VaeCluster.Client.Output;

/// <summary>Shows a run's progress until it ends: drawn in place for a person, a line now and then for a log.</summary>
internal static class RunWatcher
{
    /// <summary>A log gets no more than one line of progress in this time.</summary>
    private static readonly TimeSpan LinePeriod = TimeSpan.FromSeconds(2);

    public static async Task<int> WatchAsync(Invocation invocation, VaeClusterClient client, string runId, CancellationToken cancellationToken)
    {
        var updates = client.WatchAsync(runId, cancellationToken: cancellationToken);
        var last = invocation switch
        {
            { IsJson: true } => await WriteJsonAsync(invocation, updates),
            { Terminal.IsInteractive: true } => await DrawAsync(invocation.Terminal, updates),
            _ => await WriteLinesAsync(invocation, updates),
        };
        if (!invocation.IsJson)
            WriteEnd(invocation, last);
        return last?.Phase == Phase.Succeeded ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<Run?> WriteJsonAsync(Invocation invocation, IAsyncEnumerable<Run> updates)
    {
        Run? last = null;
        await foreach (var run in updates)
            invocation.WriteJson(last = run);
        return last;
    }

    private static async Task<Run?> WriteLinesAsync(Invocation invocation, IAsyncEnumerable<Run> updates)
    {
        Run? last = null;
        var sinceLine = Stopwatch.StartNew();
        await foreach (var run in updates)
        {
            if (last is null || run.Phase != last.Phase || sinceLine.Elapsed >= LinePeriod)
            {
                invocation.WriteLine(OfRun(run));
                sinceLine.Restart();
            }
            last = run;
        }
        return last;
    }

    private static async Task<Run?> DrawAsync(Terminal terminal, IAsyncEnumerable<Run> updates)
    {
        Run? last = null;
        await terminal.Console.Live(new Text("")).AutoClear(false).StartAsync(async live =>
        {
            await foreach (var run in updates)
            {
                live.UpdateTarget(Drawing(last = run));
                live.Refresh();
            }
        });
        return last;
    }

    private static Rows Drawing(Run run)
    {
        var p = run.Progress;
        var title = new Markup($"[bold]{Markup.Escape(run.RunId)}[/]  [{Color(run.Phase)}]{Of(run.Phase)}[/]  {Markup.Escape(string.Join(" ", run.Devices))}");
        if (p.StepCount == 0)
            return new Rows(title, new Text(run.Conditions[^1].Message));
        var bar = new BreakdownChart().HideTags().Width(60)
            .AddItem("done", Math.Max(p.Step, 0.001), Spectre.Console.Color.Green)
            .AddItem("to do", Math.Max(p.StepCount - p.Step, 0.001), Spectre.Console.Color.Grey23);
        IRenderable numbers = new Markup(string.Create(CultureInfo.InvariantCulture,
            $"step [bold]{p.Step}[/]/{p.StepCount}  epoch {p.Epoch}/{p.EpochCount}  {p.StepsPerSecond:F1} steps/s  "
                + $"{p.SamplesPerSecond:F0} samples/s  {Remaining(p)}"));
        IRenderable losses = new Markup(Inv(
            $"ELBO [bold]{p.ElboNats:F2}[/] nats = -(reconstruction {p.ReconstructionNats:F2} + KL {p.KlNats:F2})  beta {p.Beta:G3}"));
        return new Rows(title, bar, numbers, losses);
    }

    private static void WriteEnd(Invocation invocation, Run? run)
    {
        if (run is null)
            return;
        invocation.WriteLine($"Run {run.RunId} {Of(run.Phase)}. {run.Conditions[^1].Message}");
        if (run.Results is { } results)
            invocation.WriteLine($"Weights SHA-256 {results.WeightsSha256}");
        if (run.Phase == Phase.Succeeded)
        {
            invocation.WriteLine($"Plots, model and metrics are in {run.ArtifactsPath}");
            invocation.WriteLine($"Copy them here with: vaectl artifacts download {run.RunId}");
        }
    }

    private static string Color(Phase phase) => phase switch
    {
        Phase.Succeeded => "green",
        Phase.Failed or Phase.Cancelled => "red",
        Phase.Running => "blue",
        _ => "yellow",
    };
}
