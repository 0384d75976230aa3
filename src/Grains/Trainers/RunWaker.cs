using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Liveness;

namespace VaeCluster.Grains.Trainers;

/// <summary>
/// Wakes a run whose parameter server cannot be reached, or does not know it: its silo is most likely that of the run, and whoever gets the call
/// makes both go on. Sooner or later the cluster's book would wake the run too; a trainer that lost its server knows first. So the first
/// wakes follow each other closely; when they have been in vain for some seconds they come more rarely, and the run is asked whether it has ended.
/// </summary>
internal sealed class RunWaker
{
    /// <summary>The pause after each of the first wakes.</summary>
    public static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);

    /// <summary>Each further pause is twice as long, up to this.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    private readonly IRunGrain _run;
    private readonly TimeSpan _answerTimeout;
    private readonly TimeProvider _time;
    private int _wakes;

    public RunWaker(IRunGrain run, LivenessOptions liveness, TimeProvider time)
    {
        _run = run;
        _answerTimeout = liveness.ResponseTimeout;
        _time = time;
        CloseWakes = (int)(liveness.SilentSiloTimeout * 2 / PauseMin);
    }

    /// <summary>So many wakes are close together: in that time a silo that was lost is declared dead and the run begins anew elsewhere.</summary>
    public int CloseWakes { get; }

    /// <summary>The parameter server has answered: the next loss is another one.</summary>
    public void OnAnswered() => _wakes = 0;

    /// <summary>Wakes the run, and pauses.</summary>
    /// <returns>Whether there is still something to wake; false when the run has ended, is paused, or never was.</returns>
    /// <exception cref="TimeoutException">It does not say so in time. The next wake asks again.</exception>
    /// <exception cref="OrleansException">It cannot be reached. The next wake asks again.</exception>
    public async Task<bool> WakeAsync(CancellationToken cancellation)
    {
        _wakes++;
        try
        {
            await _run.WakeAsync().WaitAsync(_answerTimeout, _time, cancellation);
            return _wakes <= CloseWakes || await IsActiveAsync();
        }
        finally
        {
            await Task.Delay(Pause(_wakes), _time, cancellation);
        }
    }

    /// <summary>Whether the run has work for a trainer.</summary>
    /// <exception cref="TimeoutException">It does not say so in time.</exception>
    /// <exception cref="OrleansException">It cannot be reached.</exception>
    public async Task<bool> IsActiveAsync() => await _run.GetAsync().WaitAsync(_answerTimeout, _time) is { } run && run.Phase.IsActive();

    private TimeSpan Pause(int wakes) =>
        wakes <= CloseWakes ? PauseMin : TimeSpan.FromSeconds(Math.Min(PauseMax.TotalSeconds, PauseMin.TotalSeconds * Math.Pow(2, wakes - CloseWakes)));
}
