using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

/// <summary>Starts and stops the silo with its host.</summary>
internal sealed partial class SiloHostedService : IHostedService
{
    private readonly Silo _silo;
    private readonly SiloLifecycle _lifecycle;
    private readonly ILocalSiloDetails _local;
    private readonly ILogger _logger;

    public SiloHostedService(
        Silo silo, SiloLifecycle lifecycle, ILocalSiloDetails local, IEnumerable<ILifecycleParticipant<ISiloLifecycle>> participants, ILogger<SiloHostedService> logger)
    {
        _silo = silo;
        _lifecycle = lifecycle;
        _local = local;
        _logger = logger;
        lifecycle.Subscribe("Join", ServiceLifecycleStage.RuntimeInitialize, silo.JoinAsync, silo.LeaveAsync);
        lifecycle.Subscribe("Activate", ServiceLifecycleStage.BecomeActive, silo.ActivateAsync);
        foreach (var participant in participants) participant.Participate(lifecycle);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _lifecycle.StartAsync(cancellationToken);
        }
        catch
        {
            _silo.Dispose();
            throw;
        }

        LogStarted(_logger, _local.Name, _local.SiloAddress);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _lifecycle.StopAsync(cancellationToken);
        LogStopped(_logger, _local.Name, _local.SiloAddress);
    }

    [LoggerMessage(1, LogLevel.Information, "Silo '{Name}' has started as {Silo}.")]
    private static partial void LogStarted(ILogger logger, string name, SiloAddress silo);

    [LoggerMessage(2, LogLevel.Information, "Silo '{Name}' ({Silo}) has stopped.")]
    private static partial void LogStopped(ILogger logger, string name, SiloAddress silo);
}
