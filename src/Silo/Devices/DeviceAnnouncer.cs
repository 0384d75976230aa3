using System.Collections.Immutable;
using VaeCluster.Contracts.Cluster;

namespace VaeCluster.Silo.Devices;

/// <summary>Tells the cluster's book every second which devices this silo has, and takes them out when it stops.</summary>
internal sealed partial class DeviceAnnouncer : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly IGrainFactory _grains;
    private readonly SiloAnnouncement _announcement;
    private readonly TimeProvider _time;
    private readonly ILogger<DeviceAnnouncer> _logger;

    public DeviceAnnouncer(IGrainFactory grains, ILocalSiloDetails silo, DeviceList devices, TimeProvider time, ILogger<DeviceAnnouncer> logger)
    {
        (_grains, _time, _logger) = (grains, time, logger);
        _announcement = new SiloAnnouncement(silo.Name, ProductVersion.Text, devices.Devices);
    }

    /// <summary>Whether the cluster has heard of this silo: then it can take runs.</summary>
    public bool HasAnnounced { get; private set; }

    private IClusterGrain Book => _grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        HasAnnounced = false;
        await base.StopAsync(cancellationToken);
        try
        {
            await Book.WithdrawAsync(_announcement.Silo).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or OperationCanceledException)
        {
            // The book forgets this silo by itself after a few seconds of silence.
            LogNotHeard(e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        do
        {
            await AnnounceAsync();
        }
        while (await WaitAsync(timer, stoppingToken));
    }

    private async Task AnnounceAsync()
    {
        try
        {
            await Book.AnnounceAsync(_announcement);
            if (!HasAnnounced)
                LogAnnounced(_announcement.Silo, string.Join(", ", _announcement.Devices.Select(device => device.Name)));
            HasAnnounced = true;
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogNotHeard(e);
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Silo {Silo} offers {Devices}.")]
    private partial void LogAnnounced(string silo, string devices);

    [LoggerMessage(2, LogLevel.Warning, "The cluster's book did not hear of this silo's devices; it is told again.")]
    private partial void LogNotHeard(Exception e);
}

/// <summary>The devices of this silo.</summary>
internal sealed record DeviceList(ImmutableArray<Device> Devices);
