using Microsoft.Extensions.Logging;

namespace Orleans.Runtime.Messaging;

internal sealed partial class MessageRouter
{
    [LoggerMessage(1, LogLevel.Debug, "{Message} is sent again: {Why}.")]
    private static partial void LogRetry(ILogger logger, Message message, string why);

    [LoggerMessage(2, LogLevel.Warning, "{Message}, which nobody waits for, was lost.")]
    private static partial void LogLost(ILogger logger, Exception exception, Message message);
}
