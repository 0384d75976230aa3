using System.Globalization;

namespace VaeCluster.EndToEnd.Chaos;

/// <summary>Prints what happened, fault by fault, and then all in all.</summary>
internal sealed class ChaosReport
{
    private readonly List<(string Fault, RunWatcher.Recovery Recovery)> _survived = [];
    private TimeSpan _undisturbedTime;
    private long _undisturbedSteps;
    private TimeSpan _time;
    private long _steps;

    public int Survived => _survived.Count;

    public async Task OnUndisturbedAsync(long steps, TimeSpan time, string weights)
    {
        (_undisturbedSteps, _undisturbedTime) = (steps, time);
        await WriteAsync($"undisturbed: {steps} steps in {time.TotalSeconds:F1} s, weights {weights}");
    }

    public async Task OnRecoveredAsync(string fault, string victim, long step, RunWatcher.Recovery recovery)
    {
        _survived.Add((fault, recovery));
        await WriteAsync($"fault {Survived,3} at step {step,5}: {fault,-38} {victim}  next step after {recovery.Took.TotalSeconds,5:F1} s, {recovery.Replayed} steps replayed");
    }

    public async Task OnRunEndedAsync(string runId, long steps, TimeSpan time, string weights)
    {
        (_steps, _time) = (_steps + steps, _time + time);
        await WriteAsync($"{runId}: {steps} steps in {time.TotalSeconds:F1} s, weights {weights}");
    }

    public async Task OnEndAsync(int restarts)
    {
        var took = _survived.Select(fault => fault.Recovery.Took.TotalSeconds).Order().ToList();
        await WriteAsync($"faults survived: {Survived}; silos restarted: {restarts}; steps replayed: {_survived.Sum(fault => fault.Recovery.Replayed)}");
        await WriteAsync($"seconds to the next step: median {took[took.Count / 2]:F1}, worst {took[^1]:F1}");
        foreach (var kind in _survived.GroupBy(fault => fault.Fault))
            await WriteAsync($"  {kind.Key,-49} {kind.Count(),3} times, median {Median(kind),5:F1} s, worst {kind.Max(fault => fault.Recovery.Took.TotalSeconds),5:F1} s");
        var (kept, undisturbed) = (_steps / _time.TotalSeconds, _undisturbedSteps / _undisturbedTime.TotalSeconds);
        await WriteAsync($"throughput: {kept:F0} of {undisturbed:F0} steps/s, {100 * kept / undisturbed:F0} % kept");
    }

    private static double Median(IEnumerable<(string Fault, RunWatcher.Recovery Recovery)> faults)
    {
        double[] took = [.. faults.Select(fault => fault.Recovery.Took.TotalSeconds).Order()];
        return (took[(took.Length - 1) / 2] + took[took.Length / 2]) / 2;
    }

    private static Task WriteAsync(FormattableString line) => Console.Out.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
}
