using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orleans.Runtime.Messaging;

/// <summary>Connects a client with its host's start. A cluster that is about to start is waited for, for a while.</summary>
internal sealed partial class ClientHostedService(OutsideClient client, ILogger<ClientHostedService> logger) : IHostedService
{
    private const int AttemptsMax = 15;
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(1500);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await client.ConnectAsync(cancellationToken);
                return;
            }
            catch (ConnectionFailedException exception) when (attempt < AttemptsMax)
            {
                LogRetrying(logger, attempt, AttemptsMax, exception.Message);
            }

            await Task.Delay(RetryPeriod, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        client.Dispose();
        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Warning, "Attempt {Attempt} of {Limit} to connect failed: {Why}")]
    private static partial void LogRetrying(ILogger logger, int attempt, int limit, string why);
}
