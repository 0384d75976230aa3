using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>What a run logs.</summary>
internal static partial class RunLog
{
    [LoggerMessage(1, LogLevel.Information, "Run {RunId} ended as {Phase}: {Message}")]
    public static partial void LogEnded(this ILogger logger, string runId, RunPhase phase, string message);

    [LoggerMessage(2, LogLevel.Warning, "Run {RunId} could not notify all its workers: {Reason}")]
    public static partial void LogReleaseLost(this ILogger logger, string runId, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Run {RunId} lost a call to one of its grains; it retries: {Reason}")]
    public static partial void LogCallLost(this ILogger logger, string runId, string reason);

    [LoggerMessage(4, LogLevel.Information, "Run {RunId} assigns {Shards} shards to {Devices}.")]
    public static partial void LogAssigned(this ILogger logger, string runId, int shards, string devices);

    [LoggerMessage(5, LogLevel.Error, "Run {RunId} failed.")]
    public static partial void LogCannotGoOn(this ILogger logger, Exception e, string runId);

    [LoggerMessage(6, LogLevel.Warning, "Run {RunId} was written by another activation; this one yields to it.")]
    public static partial void LogSuperseded(this ILogger logger, string runId);

    [LoggerMessage(7, LogLevel.Error, "The ledger of run {RunId} is incomplete: {Gap}")]
    public static partial void LogLedgerIncomplete(this ILogger logger, string runId, string gap);

    [LoggerMessage(8, LogLevel.Warning, "The shards of {Devices} are computed by the other trainers of run {RunId} too, from step {Step} on.")]
    public static partial void LogBackedUp(this ILogger logger, string runId, string devices, long step);

    [LoggerMessage(9, LogLevel.Warning, "Run {RunId} could not write to the data directory; it retries: {Reason}")]
    public static partial void LogNotWritable(this ILogger logger, string runId, string reason);

    [LoggerMessage(10, LogLevel.Warning, "A standby on {Silo} could not follow the parameter server of run {RunId}; another silo is tried first: {Reason}")]
    public static partial void LogNotFollowed(this ILogger logger, string silo, string runId, string reason);

    [LoggerMessage(
        20,
        LogLevel.Information,
        "Run {RunId} was evaluated at step {Step}: ELBO {Elbo:F2}, negative log-likelihood {NegativeLogLikelihood:F2}, {ActiveUnits} active units.")]
    public static partial void LogEvaluated(this ILogger logger, string runId, long step, double elbo, double negativeLogLikelihood, int activeUnits);

    [LoggerMessage(11, LogLevel.Information, "Run {RunId} finds a parameter server of an earlier time at step {Step} and starts another.")]
    public static partial void LogStaleServer(this ILogger logger, string runId, long step);
}
