using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.Cluster;

namespace VaeCluster.Grains.Evaluations;

/// <summary>
/// Devices that the cluster's book lends, renewed again and again. The book may be lost with its silo; it is active on another a moment later and takes
/// the word of those who hold devices, so what is held stays held meanwhile.
/// </summary>
internal sealed partial class DeviceLoan
{
    /// <summary>How long the book may be silent. Far more than the seconds that it takes to notice a lost silo and to begin elsewhere.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(30);

    private readonly IClusterGrain _book;
    private readonly DeviceRequest _request;
    private readonly TimeSpan _answerPatience;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private DateTimeOffset? _silentSince;

    public DeviceLoan(IClusterGrain book, DeviceRequest request, TimeSpan answerPatience, TimeProvider time, ILogger logger) =>
        (_book, _request, _answerPatience, _time, _logger) = (book, request, answerPatience, time, logger);

    /// <summary>What is lent now.</summary>
    public ImmutableArray<string> Devices { get; private set; } = [];

    /// <summary>Why nothing is lent; empty while something is.</summary>
    public string Message { get; private set; } = "";

    /// <summary>Asks for the devices that are held, and for more. When the book does not answer, everything stays as it was.</summary>
    /// <exception cref="InvalidOperationException">It has not answered for <see cref="SilenceMax"/>.</exception>
    public async Task RenewAsync()
    {
        try
        {
            var grant = await _book.RequestDevicesAsync(_request with { Held = Devices }).WaitAsync(_answerPatience, _time);
            (Devices, Message, _silentSince) = (grant.Devices, grant.Message, null);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            var now = _time.GetUtcNow();
            _silentSince ??= now;
            LogSilent(e, _request.RunId);
            if (now - _silentSince >= SilenceMax)
                throw new InvalidOperationException($"The cluster's book of devices has not answered for {SilenceMax.TotalSeconds:F0} s: {e.Message} Ask again when the cluster is whole.", e);
        }
    }

    [LoggerMessage(10, LogLevel.Warning, "The cluster's book did not answer {Borrower}; it is asked again.")]
    private partial void LogSilent(Exception e, string borrower);
}
