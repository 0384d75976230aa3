using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.ParameterServer;

namespace VaeCluster.Silo.Devices;

/// <summary>Announces this silo's devices to the cluster every second, and withdraws them when it stops.</summary>
internal sealed partial class DeviceAnnouncer : BackgroundService
{
    private readonly IGrainFactory _grains;
    private readonly HostedPartitions _partitions;
    private readonly SiloAnnouncement _announcement;
    private readonly LivenessOptions _liveness;
    private readonly TimeProvider _time;
    private readonly ILogger<DeviceAnnouncer> _logger;

    private readonly TaskCompletionSource _firstAnnounced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _refusal = "";

    public DeviceAnnouncer(
        IGrainFactory grains,
        ILocalSiloDetails silo,
        DeviceList devices,
        HostedPartitions partitions,
        IOptions<LivenessOptions> liveness,
        TimeProvider time,
        ILogger<DeviceAnnouncer> logger)
    {
        _grains = grains;
        _partitions = partitions;
        _liveness = liveness.Value;
        _time = time;
        _logger = logger;
        _announcement = new SiloAnnouncement(silo.Name, ProductVersion.Text, devices.Devices);
    }

    /// <summary>Whether the cluster knows this silo's devices: then it can take runs.</summary>
    public bool HasAnnounced { get; private set; }

    /// <summary>Completes when the cluster knows this silo's devices for the first time.</summary>
    public Task FirstAnnounced => _firstAnnounced.Task;

    private IClusterGrain Registry => _grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        HasAnnounced = false;
        await base.StopAsync(cancellationToken);
        try
        {
            await Registry.WithdrawAsync(_announcement.Silo).WaitAsync(_liveness.AnswerTimeout, _time, cancellationToken);
            // Before Orleans stops grains in an order of its own, and trainers would push to a parameter server that is gone.
            // Runs whose weights are partly here begin their partitions elsewhere, from a checkpoint that has these too.
            await Task.WhenAll([.. _announcement.Devices.Select(DrainAsync), _partitions.Emptied])
                .WaitAsync(_liveness.ReleaseTimeout, _time, cancellationToken);
        }
        catch (Exception e) when (CallFailures.IsTransient(e) || e is OperationCanceledException)
        {
            // The registry forgets this silo by itself after a few seconds of silence.
            LogNotAnnounced(e.Message);
        }
    }

    private Task DrainAsync(Device device) => _grains.GetGrain<ITrainerGrain>(DeviceId.Of(_announcement.Silo, device.Name)).DrainAsync();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_liveness.RenewPeriod, _time);
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
            Take(await Registry.AnnounceAsync(_announcement).WaitAsync(_liveness.AnswerTimeout, _time));
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            LogNotAnnounced(e.Message);
        }
    }

    private void Take(string refusal)
    {
        if (refusal.Length > 0 && refusal != _refusal)
            LogRefused(refusal);
        _refusal = refusal;
        HasAnnounced = refusal.Length == 0;
        if (HasAnnounced && _firstAnnounced.TrySetResult())
            LogAnnounced(_announcement.Silo, string.Join(", ", _announcement.Devices.Select(device => device.Name).DefaultIfEmpty("no devices")));
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

    [LoggerMessage(2, LogLevel.Warning, "The devices of this silo could not be announced to the cluster; the silo retries: {Reason}")]
    private partial void LogNotAnnounced(string reason);

    [LoggerMessage(3, LogLevel.Error, "{Refusal}")]
    private partial void LogRefused(string refusal);
}

/// <summary>The devices of this silo.</summary>
internal sealed record DeviceList(ImmutableArray<Device> Devices);
