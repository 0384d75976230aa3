using Microsoft.Extensions.Logging;

namespace Orleans.Runtime.Membership;

internal sealed partial class MembershipAgent
{
    [LoggerMessage(1, LogLevel.Information, "Silo {Silo} ('{Name}') joins a cluster of {Count} silos.")]
    private static partial void LogJoined(ILogger logger, SiloAddress silo, string name, int count);

    [LoggerMessage(2, LogLevel.Information, "Silo {Silo} is {Status} now; telling the others.")]
    private static partial void LogAnnounce(ILogger logger, SiloAddress silo, SiloStatus status);

    [LoggerMessage(3, LogLevel.Warning, "The membership table cannot be reached: {Why} Trying again.")]
    private static partial void LogStoreUnreachable(ILogger logger, string why);

    [LoggerMessage(4, LogLevel.Debug, "Silo {Silo} could not be told the news: {Why}")]
    private static partial void LogGossipFailed(ILogger logger, SiloAddress silo, string why);

    [LoggerMessage(5, LogLevel.Critical, "Silo {Silo} was declared dead by the others: it did not answer for too long, or another process took its port. It stops now; its grains may be active elsewhere already.")]
    private static partial void LogDeclaredDead(ILogger logger, SiloAddress silo);
}
