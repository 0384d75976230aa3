using Microsoft.Extensions.Logging;

namespace Orleans.Runtime.Networking;

internal sealed partial class SiloLinks
{
    [LoggerMessage(1, LogLevel.Warning, "The connection with silo {Silo} broke: {Why}")]
    private static partial void LogBroke(ILogger logger, SiloAddress silo, string why);

    [LoggerMessage(2, LogLevel.Debug, "No new connection with silo {Silo}: {Why}")]
    private static partial void LogReconnectFailed(ILogger logger, SiloAddress silo, string why);
}
