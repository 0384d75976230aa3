using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Liveness;

namespace VaeCluster.Grains.Trainers;

/// <summary>
/// A trainer's calls to its run and to the run's parameter server. One that is lost reactivates the run and is repeated by whoever made it; when the run
/// turns out to have ended, the trainer stops.
/// </summary>
internal sealed partial class RunCalls
{
    private readonly string _device;
    private readonly string _runId;
    private readonly RunReactivator _reactivator;
    private readonly TimeSpan _checkPeriod;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<Task> _onEnded;
    private readonly CancellationToken _stopping;

    /// <summary>Makes the calls of one trainer to one run.</summary>
    /// <param name="device">The trainer's device, for the log.</param>
    /// <param name="runId">The run, for the log.</param>
    /// <param name="run">The run.</param>
    /// <param name="liveness">How long anything is waited for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="onEnded">Stops the trainer, because its run has ended or is paused.</param>
    /// <param name="stopping">Ends every wait, because the trainer stops.</param>
    public RunCalls(
        string device,
        string runId,
        IRunGrain run,
        LivenessOptions liveness,
        TimeProvider time,
        ILogger logger,
        Func<Task> onEnded,
        CancellationToken stopping)
    {
        _device = device;
        _runId = runId;
        _reactivator = new RunReactivator(run, liveness, time);
        _checkPeriod = liveness.RenewPeriod;
        _time = time;
        _logger = logger;
        _onEnded = onEnded;
        _stopping = stopping;
    }

    /// <summary>The parameter server has answered: the next loss is another one.</summary>
    public void OnAnswered() => _reactivator.OnAnswered();

    /// <summary>The result of a call; null when the other side was lost, and then the run was reactivated.</summary>
    public async Task<T?> TryAsync<T>(Task<T> call)
        where T : class?
    {
        try
        {
            return await call.WaitAsync(_stopping);
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            LogCallLost(_device, _runId, e.Message);
            await ReactivateRunAsync();
            return null;
        }
    }

    /// <summary>Reactivates the run. One that cannot be reached is no error of this trainer: it pulls again, and comes back here.</summary>
    public async Task ReactivateRunAsync()
    {
        try
        {
            if (!await _reactivator.ReactivateAsync(_stopping))
                await _onEnded();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogCallLost(_device, _runId, e.Message);
        }
    }

    /// <summary>
    /// After the last step the run evaluates and renders with this device, and releases it. If the run's silo was lost just then, nobody would: then the
    /// trainer stops by itself. Or the run goes on from a checkpoint before its last step, and steps have to be computed again: then this returns.
    /// </summary>
    /// <param name="server">The way to the parameter server, which may be another meanwhile.</param>
    public async Task AwaitReplayAsync(Func<ParameterServerClient> server)
    {
        while (true)
        {
            await Task.Delay(_checkPeriod, _time, _stopping);
            try
            {
                if (!await _reactivator.IsActiveAsync())
                    await _onEnded();
                else if (await server().IsTrainingAsync())
                    return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogCallLost(_device, _runId, e.Message);
            }
        }
    }

    [LoggerMessage(10, LogLevel.Warning, "Device {Device} lost a call to the parameter server of run {RunId}; it retries: {Reason}")]
    private partial void LogCallLost(string device, string runId, string reason);
}
