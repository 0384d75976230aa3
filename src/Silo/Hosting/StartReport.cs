using Microsoft.Extensions.Options;
using VaeCluster.Data;
using VaeCluster.Data.Files;
using VaeCluster.Grains.Liveness;
using VaeCluster.Silo.Configuration;
using VaeCluster.Silo.Devices;
using VaeCluster.Silo.Extensions;

namespace VaeCluster.Silo.Hosting;

/// <summary>Logs how a silo is set up, and when and where it is ready: the lines that a person looks for.</summary>
internal sealed partial class StartReport : BackgroundService
{
    private readonly SiloSettings _settings;
    private readonly DataAccess _data;
    private readonly LivenessOptions _liveness;
    private readonly ExtensionList _extensions;
    private readonly DeviceAnnouncer _announcer;
    private readonly ILogger<StartReport> _logger;

    public StartReport(
        SiloSettings settings,
        DataAccess data,
        IOptions<LivenessOptions> liveness,
        ExtensionList extensions,
        DeviceAnnouncer announcer,
        ILogger<StartReport> logger)
    {
        _extensions = extensions;
        _settings = settings;
        _data = data;
        _liveness = liveness.Value;
        _announcer = announcer;
        _logger = logger;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogSettings(_settings.EffectiveName, ProductVersion.Text, _settings.ClusterId, _settings.Membership, Path.GetFullPath(_settings.DataDir));
        LogData(_data.Roots, _data.Memory.BudgetBytes >> 20);
        LogLiveness(_liveness);
        if (_extensions.Extensions.Length > 0)
            LogExtensions(_extensions);
        if (_settings is { Redis: null, IsDev: false })
            LogPrimary(_settings.EffectivePrimary);
        await _announcer.FirstAnnounced.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stoppingToken.IsCancellationRequested)
            LogReady(Address(_settings.EffectiveGrpcPort), Address(_settings.EffectiveHttpPort));
    }

    private string Address(int port) => $"http://{_settings.EffectiveAdvertise}:{port}";

    [LoggerMessage(1, LogLevel.Information, "Silo {Silo}, version {Version}, cluster {ClusterId}; membership in {Membership}; data in {DataDir}.")]
    private partial void LogSettings(string silo, string version, string clusterId, string membership, string dataDir);

    [LoggerMessage(2, LogLevel.Information, "Failure detection: {Liveness}.")]
    private partial void LogLiveness(LivenessOptions liveness);

    [LoggerMessage(
        3,
        LogLevel.Information,
        "Silo {Primary} keeps the membership in memory: the cluster ends when this silo is lost. Use --redis for a cluster that "
            + "survives the loss of any silo.")]
    private partial void LogPrimary(string primary);

    [LoggerMessage(4, LogLevel.Information, "Ready: API at {Api}, metrics at {Metrics}/metrics.")]
    private partial void LogReady(string api, string metrics);

    [LoggerMessage(6, LogLevel.Information, "Specs may name data in: {Roots} (--data-roots). Data may take {Memory} MiB of memory (--data-memory).")]
    private partial void LogData(DataRoots roots, long memory);

    [LoggerMessage(5, LogLevel.Information, "Extensions: {Extensions}.")]
    private partial void LogExtensions(ExtensionList extensions);
}
