using Microsoft.Extensions.Logging;

namespace Orleans.Runtime.Directory;

internal sealed partial class DirectoryPartition
{
    [LoggerMessage(1, LogLevel.Debug, "Silo {Silo} could not be asked about its activations: {Why}")]
    private static partial void LogPullFailed(ILogger logger, SiloAddress silo, string why);

    [LoggerMessage(2, LogLevel.Warning, "Silo {Silo} did not say within {Seconds} s what it has active; going on without it.")]
    private static partial void LogGaveUp(ILogger logger, SiloAddress silo, double seconds);

    [LoggerMessage(3, LogLevel.Warning, "A grain was active twice, as happens when a silo joins or is lost; the later activation ends: {Address}")]
    private static partial void LogDuplicate(ILogger logger, GrainAddress address);
}
