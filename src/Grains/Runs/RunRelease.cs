using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Devices;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// Ends the work of those whom a run does not need any more. These are best-effort calls: a device or a server that cannot be reached is gone, and its work
/// with it. They end with the activation.
/// </summary>
internal sealed class RunRelease(string runId, RunServices services, IGrainFactory grains)
{
    private readonly BackgroundWork _work = new();

    /// <summary>Completes when everything that worked for the run was released, after it ended or was paused.</summary>
    public Task Completed { get; private set; } = Task.CompletedTask;

    private IParameterServerGrain Server => grains.GetGrain<IParameterServerGrain>(DeviceId.Of(services.Silo, runId));

    /// <summary>Releases devices that are not the run's any more.</summary>
    public void Trainers(IReadOnlyList<string> devices) => _ = _work.Start(_ => ReleaseTrainersAsync(devices));

    /// <summary>Stops the standby on a silo.</summary>
    public Task StopStandbyAsync(string silo) =>
        NotifyAsync(grains.GetGrain<IStandbyGrain>(DeviceId.Of(silo, runId)).StopAsync().WaitAsync(services.Liveness.StandbyCallTimeout, services.Time));

    /// <summary>Stops the parameter server of an activation that yields to another one of the run, which writes the checkpoints.</summary>
    public void ServerOfLateActivation() =>
        _ = _work.Start(ending => NotifyAsync(Server.StopAsync(writeCheckpoint: false, keepStandby: false).WaitAsync(ending)));

    /// <summary>Releases everything, after the run ended or was paused.</summary>
    /// <param name="devices">The devices that it had.</param>
    /// <param name="phase">The phase that it reached.</param>
    /// <param name="session">What drove it; null when nothing did.</param>
    public void Everything(IReadOnlyList<string> devices, RunPhase phase, BackgroundWork? session) =>
        Completed = _work.Start(ending => ReleaseEverythingAsync(devices, phase, session, ending));

    /// <summary>Cancels and awaits what is under way.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => _work.EndAsync(cancellationToken);

    private async Task ReleaseEverythingAsync(IReadOnlyList<string> devices, RunPhase phase, BackgroundWork? session, CancellationToken ending)
    {
        await ReleaseTrainersAsync(devices);
        // Also when a trainer did not answer: a server that stays would keep its memory, and the trainers that were not reached at work.
        await NotifyAsync(Server.StopAsync(writeCheckpoint: true, keepStandby: false).WaitAsync(ending));
        await NotifyAsync(grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey).CloseRunAsync(runId, phase));
        if (session is not null)
            await session.EndAsync(ending);
    }

    private Task ReleaseTrainersAsync(IReadOnlyList<string> devices) => Task.WhenAll(devices.Select(device =>
        NotifyAsync(grains.GetGrain<ITrainerGrain>(device).ReleaseAsync(runId).WaitAsync(services.Liveness.ReleaseTimeout, services.Time))));

    private async Task NotifyAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (Exception e) when (CallFailures.IsTransient(e) || e is OperationCanceledException)
        {
            services.Logger.LogReleaseLost(runId, e.Message);
        }
    }
}
