using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using Orleans.Runtime.References;
using Orleans.Storage;

namespace Orleans.Runtime.Catalog;

/// <summary>Runs calls on grain objects, and answers them.</summary>
internal sealed partial class CallInvoker(CancellationRegistry cancellations, SiloMessagingOptions options, ILogger<CallInvoker> logger)
{
    public async Task InvokeAsync(Activation activation, Message message, GrainCall call)
    {
        if (options.DropExpiredMessages && message.IsExpired)
        {
            LogExpired(logger, message);
            cancellations.Remove(message);
            return;
        }

        try
        {
            var cancellation = cancellations.TokenOf(message);
            cancellation.ThrowIfCancellationRequested();
            await call.InvokeAsync(activation.GrainInstance!, cancellation);
            message.Reply.Succeed(call);
        }
        catch (Exception exception)
        {
            // Every failure of a grain's method is its caller's to know; with no caller waiting, the log has it.
            if (message.IsOneWay) LogOneWayFailed(logger, exception, message);
            if (exception is InconsistentStateException { IsInSourceActivation: true } stale) DropStale(activation, stale);
            message.Reply.Fail(exception);
        }
        finally
        {
            cancellations.Remove(message);
        }
    }

    /// <summary>The activation's state is not what the storage holds; the next call activates it anew and reads it.</summary>
    private static void DropStale(Activation activation, InconsistentStateException exception)
    {
        exception.IsInSourceActivation = false;
        activation.Deactivate(new(DeactivationReasonCode.ApplicationError, exception, "The grain's state is out of date"));
    }

    [LoggerMessage(1, LogLevel.Warning, "{Message} was dropped: its caller gave up before its turn came.")]
    private static partial void LogExpired(ILogger logger, Message message);

    [LoggerMessage(2, LogLevel.Warning, "{Message}, which nobody waits for, failed.")]
    private static partial void LogOneWayFailed(ILogger logger, Exception exception, Message message);
}
