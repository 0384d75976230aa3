using VaeCluster.Data;

namespace VaeCluster.Silo.Services;

/// <summary>Writes to the log how far a source is: at once for a new message, and every few seconds while it counts.</summary>
internal sealed partial class DataProgressLog : IProgress<DataProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ILogger<DataProgressLog> _logger;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private long _reportedAt;
    private bool _hasReported;

    public DataProgressLog(ILogger<DataProgressLog> logger, TimeProvider time) => (_logger, _time) = (logger, time);

    public void Report(DataProgress value)
    {
        lock (_lock)
        {
            var isCounting = value.Total > 0 && value.Done < value.Total;
            if (isCounting && _hasReported && _time.GetElapsedTime(_reportedAt) < Interval)
                return;
            _reportedAt = _time.GetTimestamp();
            _hasReported = true;
        }
        LogProgress(value.Message);
    }

    [LoggerMessage(1, LogLevel.Information, "{Message}")]
    private partial void LogProgress(string message);
}
