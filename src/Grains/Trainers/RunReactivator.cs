using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Liveness;

namespace VaeCluster.Grains.Trainers;

/// <summary>
/// Reactivates a run whose parameter server cannot be reached, or does not know it: its silo is most likely that of the run, and whoever gets the call
/// makes both go on. Sooner or later the cluster's registry would reactivate the run too; a trainer that lost its server knows first. So the first
/// calls follow each other closely; when they have been in vain for some seconds they come more rarely, and the run is asked whether it has ended.
/// </summary>
internal sealed class RunReactivator
{
    /// <summary>The pause after each of the first calls.</summary>
    public static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);

    /// <summary>Each further pause is twice as long, up to this.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    private readonly IRunGrain _run;
    private readonly TimeSpan _answerTimeout;
    private readonly TimeProvider _time;
    private int _calls;

    public RunReactivator(IRunGrain run, LivenessOptions liveness, TimeProvider time)
    {
        _run = run;
        _answerTimeout = liveness.ResponseTimeout;
        _time = time;
        CloseCalls = (int)(liveness.SilentSiloTimeout * 2 / PauseMin);
    }

    /// <summary>How many calls are close together: in that time a silo that was lost is declared dead and the run is activated elsewhere.</summary>
    public int CloseCalls { get; }

    /// <summary>The parameter server has answered: the next loss is another one.</summary>
    public void OnAnswered() => _calls = 0;

    /// <summary>Reactivates the run, and pauses.</summary>
    /// <returns>Whether there is still something to reactivate; false when the run has ended, is paused, or never was.</returns>
    /// <exception cref="TimeoutException">It does not answer in time. The next call asks again.</exception>
    /// <exception cref="OrleansException">It cannot be reached. The next call asks again.</exception>
    public async Task<bool> ReactivateAsync(CancellationToken cancellationToken)
    {
        _calls++;
        try
        {
            await _run.ReactivateAsync().WaitAsync(_answerTimeout, _time, cancellationToken);
            return _calls <= CloseCalls || await IsActiveAsync();
        }
        finally
        {
            await Task.Delay(Pause(_calls), _time, cancellationToken);
        }
    }

    /// <summary>Whether the run has work for a trainer.</summary>
    /// <exception cref="TimeoutException">It does not answer in time.</exception>
    /// <exception cref="OrleansException">It cannot be reached.</exception>
    public async Task<bool> IsActiveAsync() => await _run.GetAsync().WaitAsync(_answerTimeout, _time) is { } run && run.Phase.IsActive();

    private TimeSpan Pause(int calls) =>
        calls <= CloseCalls ? PauseMin : TimeSpan.FromSeconds(Math.Min(PauseMax.TotalSeconds, PauseMin.TotalSeconds * Math.Pow(2, calls - CloseCalls)));
}
