using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Grains.Liveness;

namespace VaeCluster.Grains.Devices;

/// <summary>
/// Devices that the cluster leases to a run or to an evaluation, renewed again and again. The cluster's registry may be lost with its silo; it is active on
/// another a moment later and believes those who hold devices, so what is leased stays leased meanwhile.
/// </summary>
internal sealed partial class DeviceLease
{
    private readonly IClusterGrain _registry;
    private readonly DeviceRequest _request;
    private readonly TimeSpan _answerTimeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private DateTimeOffset? _silentSince;

    public DeviceLease(IClusterGrain registry, DeviceRequest request, LivenessOptions liveness, TimeProvider time, ILogger logger) =>
        (_registry, _request, _answerTimeout, _time, _logger) = (registry, request, liveness.AnswerTimeout, time, logger);

    /// <summary>Whether the registry has answered at all.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>The devices that are leased now.</summary>
    public ImmutableArray<string> Devices { get; private set; } = [];

    /// <summary>Why none is leased; empty while one is.</summary>
    public string Message { get; private set; } = "";

    /// <summary>How long the registry has not answered.</summary>
    public TimeSpan Silence => _silentSince is { } since ? _time.GetUtcNow() - since : TimeSpan.Zero;

    /// <summary>Asks for the devices that are leased, and for more. When the registry does not answer, everything stays as it was.</summary>
    public async Task RenewAsync()
    {
        try
        {
            var grant = await _registry.RequestDevicesAsync(_request with { Held = Devices }).WaitAsync(_answerTimeout, _time);
            (IsAnswered, Devices, Message, _silentSince) = (true, grant.Devices, grant.Message, null);
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            _silentSince ??= _time.GetUtcNow();
            LogSilent(_request.RunId, e.Message);
        }
    }

    [LoggerMessage(10, LogLevel.Warning, "The cluster's registry of devices did not answer {Borrower}, which retries: {Reason}")]
    private partial void LogSilent(string borrower, string reason);
}
