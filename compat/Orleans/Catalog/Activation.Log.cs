using Microsoft.Extensions.Logging;

namespace Orleans.Runtime.Catalog;

internal sealed partial class Activation
{
    [LoggerMessage(1, LogLevel.Error, "{Grain} could not be activated.")]
    private static partial void LogStartFailed(ILogger logger, Exception exception, GrainId grain);

    [LoggerMessage(2, LogLevel.Error, "{Grain} failed while it was deactivated.")]
    private static partial void LogEndFailed(ILogger logger, Exception exception, GrainId grain);

    [LoggerMessage(3, LogLevel.Warning, "{Grain} has {Count} calls left that did not end within {Timeout}; it is deactivated beside them.")]
    private static partial void LogTurnsLeft(ILogger logger, GrainId grain, int count, TimeSpan timeout);

    [LoggerMessage(4, LogLevel.Warning, "{Grain} could not be taken out of the directory: {Why}")]
    private static partial void LogUnregisterFailed(ILogger logger, GrainId grain, string why);
}
