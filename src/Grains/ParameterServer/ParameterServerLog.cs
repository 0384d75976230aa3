using Microsoft.Extensions.Logging;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>What a parameter server logs.</summary>
internal static partial class ParameterServerLog
{
    [LoggerMessage(1, LogLevel.Information, "The parameter server of run {RunId} starts with {ParameterCount} parameters and {StepCount} steps left.")]
    public static partial void LogStarted(this ILogger logger, string runId, int parameterCount, long stepCount);

    [LoggerMessage(4, LogLevel.Warning, "{Reason} The step is suspect and is computed once more.")]
    public static partial void LogSuspect(this ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Warning, "A gradient of step {Step} from {Device} is refused: {Reason}")]
    public static partial void LogRefused(this ILogger logger, string device, long step, string reason);
}
