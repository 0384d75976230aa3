using System.CommandLine;
using VaeCluster.Benchmarks.Probes;
using VaeCluster.Benchmarks.Results;
using VaeCluster.Benchmarks.Workloads;
using VaeCluster.Tests.Support.Processes;

namespace VaeCluster.Benchmarks;

/// <summary>The command line of the benchmark.</summary>
internal static class BenchmarkCommand
{
    private const int ExitUsage = 2;
    private const int ExitFailed = 1;

    /// <summary>What a shell reports of a program that ended by an interrupt.</summary>
    private const int ExitInterrupted = 130;

    /// <summary>The command.</summary>
    public static RootCommand Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often everything is measured.", DefaultValueFactory = _ => 3 };
        var seconds = new Option<double>("--seconds") { Description = "Length of a measured window.", DefaultValueFactory = _ => 4 };
        var rows = new Option<string>("--rows") { Description = $"Rows, with commas between: {Names}.", DefaultValueFactory = _ => "" };
        var noDocs = new Option<bool>("--no-docs") { Description = "Leave docs/benchmarks.md and docs/benchmarks.json as they are." };
        var quick = new Option<bool>("--quick")
        {
            Description = "One round of windows of a second, which shows only that everything runs; without docs.",
        };
        var python = new Option<string>("--python")
        {
            Description = "The Python that has PyTorch.",
            DefaultValueFactory = _ => "/usr/bin/python3",
        };
        var root = new RootCommand("Compares VaeCluster with other ways to train the same models, by turns on this machine, as ratios.")
        {
            rounds, seconds, rows, noDocs, quick, python, WorkloadCommand.Create(),
        };
        root.SetAction((result, cancellationToken) =>
        {
            var isQuick = result.GetValue(quick);
            const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
            string[] chosen = [.. result.GetRequiredValue(rows).Split(',', Trimmed)];
            return RunAsync(
                new BenchmarkSettings
                {
                    Rounds = isQuick ? 1 : result.GetRequiredValue(rounds),
                    Seconds = isQuick ? 1 : result.GetRequiredValue(seconds),
                    Rows = chosen,
                    IsQuick = isQuick,
                    WritesDocs = !isQuick && chosen.Length == 0 && !result.GetValue(noDocs),
                    Python = result.GetRequiredValue(python),
                },
                cancellationToken);
        });
        return root;
    }

    private static string Names => string.Join(", ", Suite.Rows.Select(row => row.Name));

    private static async Task<int> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        if (ErrorIn(settings) is { } error)
        {
            await Console.Error.WriteLineAsync($"bench: {error}");
            return ExitUsage;
        }
        try
        {
            return await MeasureAsync(settings, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("bench: interrupted; nothing was written.");
            return ExitInterrupted;
        }
    }

    private static async Task<int> MeasureAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        BenchmarkRow[] rows = [.. Suite.Rows.Where(row => settings.Rows.Count == 0 || settings.Rows.Contains(row.Name))];
        // Silos add their warnings to it, and it is about one run.
        Directory.CreateDirectory(Path.GetDirectoryName(BenchmarkSilos.LogPath)!);
        File.Delete(BenchmarkSilos.LogPath);
        var machine = await Machine.ReadAsync(settings.Python, cancellationToken);
        if (machine.Warning.Length > 0)
            await Console.Error.WriteLineAsync($"bench: {machine.Warning}");
        var log = await BenchmarkRunner.RunAsync(rows, settings, Console.Error, cancellationToken);
        var report = new BenchmarkReport(machine, settings, log, [.. rows.Select(row => RowResult.From(row, log))]);
        Console.WriteLine($"{report.MachineText}\n\n{report.Table}");
        await WriteAsync(report, cancellationToken);
        return report.Results.All(result => result.Ours is not null) ? 0 : ExitFailed;
    }

    private static string? ErrorIn(BenchmarkSettings settings) => settings switch
    {
        { Rounds: < 1 } => $"--rounds is {settings.Rounds}; it must be at least 1.",
        { Seconds: not (> 0 and <= 600) } => $"--seconds is {settings.Seconds}; it must be above 0 and at most 600.",
        _ => settings.Rows.FirstOrDefault(name => Suite.Rows.All(row => row.Name != name)) is { } unknown
            ? $"--rows has '{unknown}', which is no row. The rows are {Names}."
            : null,
    };

    private static async Task WriteAsync(BenchmarkReport report, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(BuiltRepository.Root, "out", "bench");
        await File.WriteAllTextAsync(Path.Combine(folder, "benchmarks.json"), $"{report.Json}\n", cancellationToken);
        if (!report.Settings.WritesDocs)
            return;
        var docs = Path.Combine(BuiltRepository.Root, "docs");
        await File.WriteAllTextAsync(Path.Combine(docs, "benchmarks.md"), report.Page, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(docs, "benchmarks.json"), $"{report.Json}\n", cancellationToken);
    }
}
