using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using VaeCluster.Benchmarks.Results;
using VaeCluster.Tests.Support.Processes;

namespace VaeCluster.Benchmarks.Probes;

/// <summary>
/// Programs that measure themselves, side by side. Each prints its measurement as one line of JSON and may hang after that, as gloo
/// sometimes does when it is torn down; whatever still runs then is killed.
/// </summary>
internal abstract class ProcessProbe(string figure) : Probe(figure)
{
    /// <summary>For start, warm-up and end beside the measured window.</summary>
    private static readonly TimeSpan Allowance = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Measurement>> MeasureAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var programs = new List<RunningProgram>();
        try
        {
            foreach (var command in Commands(settings))
                programs.Add(Start(command));
            var parts = new List<Measurement>();
            foreach (var program in programs)
                parts.Add(await ResultOfAsync(program, Allowance + TimeSpan.FromSeconds(settings.Seconds), cancellationToken));
            return [Measurement.Together(parts)];
        }
        finally
        {
            foreach (var program in programs)
                await program.DisposeAsync();
        }
    }

    /// <summary>What to start.</summary>
    protected abstract IReadOnlyList<ProcessStartInfo> Commands(BenchmarkSettings settings);

    /// <summary>What the last lines of a failed program's output say to the reader of a table.</summary>
    protected virtual string Explain(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("it said nothing.");

    private static RunningProgram Start(ProcessStartInfo command)
    {
        try
        {
            return RunningProgram.Start(command);
        }
        catch (Win32Exception)
        {
            throw new ProbeException($"{command.FileName} does not start; it is not installed, or cannot be executed.");
        }
    }

    private async Task<Measurement> ResultOfAsync(RunningProgram program, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var line = await Polling.GetAsync(
            "The measurement of a peer's process",
            async () =>
            {
                // Asked before the output is read: what a program has written is complete only once it has ended.
                var hasExited = program.HasExited;
                var exitCode = hasExited ? await program.ExitAsync(ExitTimeout, cancellationToken) : 0;
                if (ResultIn(program.Output) is { } found)
                    return found;
                return hasExited
                    ? throw new ProbeException($"The process ended with exit code {exitCode}: {Explain(program.Output)}")
                    : null;
            },
            timeout,
            Period,
            cancellationToken);
        return JsonSerializer.Deserialize<Measurement>(line, JsonSerializerOptions.Web)
            ?? throw new ProbeException($"The process printed '{line}' in place of a measurement.");
    }

    private static string? ResultIn(string output) =>
        Array.FindLast(output.Split('\n', StringSplitOptions.TrimEntries), line => line.StartsWith('{') && line.EndsWith('}'));
}
