using Microsoft.Extensions.Logging;

namespace Orleans.Runtime.Messaging;

internal sealed partial class OutsideClient
{
    [LoggerMessage(1, LogLevel.Information, "Connected to gateway {Silo}.")]
    private static partial void LogConnected(ILogger logger, SiloAddress? silo);

    [LoggerMessage(2, LogLevel.Warning, "The connection to gateway {Silo} broke: {Why}. Connecting to another.")]
    private static partial void LogLost(ILogger logger, SiloAddress? silo, string why);

    [LoggerMessage(3, LogLevel.Debug, "Gateway {Gateway} cannot be reached: {Why}")]
    private static partial void LogUnreachable(ILogger logger, System.Net.IPEndPoint gateway, string why);

    [LoggerMessage(4, LogLevel.Warning, "{Why} Trying again.")]
    private static partial void LogRetrying(ILogger logger, string why);
}
