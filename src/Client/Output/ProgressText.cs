using System.Globalization;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Output;

/// <summary>Progress in words and numbers.</summary>
internal static class ProgressText
{
    public static string Of(Phase phase) => phase.ToString();

    /// <summary>One plain line, for a log or a pipe.</summary>
    public static string OfRun(Run run)
    {
        var p = run.Progress;
        return p.StepCount == 0
            ? $"{run.RunId} {Of(run.Phase)}: {run.Conditions[^1].Message}"
            : string.Create(CultureInfo.InvariantCulture,
                $"{run.RunId} {Of(run.Phase)} step {p.Step}/{p.StepCount} epoch {p.Epoch}/{p.EpochCount} elbo {p.ElboNats:F2} "
                    + $"reconstruction {p.ReconstructionNats:F2} kl {p.KlNats:F2} {p.StepsPerSecond:F1} steps/s {p.SamplesPerSecond:F0} "
                    + $"samples/s {Remaining(p)}");
    }

    public static string OfLine(MetricsLine line) =>
        string.Create(CultureInfo.InvariantCulture,
            $"step {line.Step,7} epoch {line.Epoch,3}  elbo {line.Elbo,9:F2}  reconstruction {line.Reconstruction,9:F2}  kl {line.Kl,7:F2}  "
            + $"beta {line.Beta:G3}  lr {line.LearningRate:G3}  {line.SamplesPerSecond,7:F0} samples/s");

    /// <summary>The time that the remaining steps take at the present pace.</summary>
    public static string Remaining(Progress progress)
    {
        var steps = progress.StepCount - progress.Step;
        if (steps <= 0)
            return "all steps done";
        return progress.StepsPerSecond <= 0 ? "time left unknown" : $"{Duration(TimeSpan.FromSeconds(steps / progress.StepsPerSecond))} left";
    }

    /// <summary>Two units at most, rounded up to whole seconds.</summary>
    public static string Duration(TimeSpan time) => TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds)) switch
    {
        { TotalHours: >= 1 } whole => Inv($"{(int)whole.TotalHours}h{whole.Minutes:00}m"),
        { TotalMinutes: >= 1 } whole => Inv($"{whole.Minutes}m{whole.Seconds:00}s"),
        var whole => Inv($"{whole.TotalSeconds}s"),
    };

    public static string Bytes(long bytes) => bytes switch
    {
        >= 1 << 20 => Inv($"{bytes / 1048576.0:F1} MiB"),
        >= 1 << 10 => Inv($"{bytes / 1024.0:F1} KiB"),
        _ => Inv($"{bytes} B"),
    };

    public static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
