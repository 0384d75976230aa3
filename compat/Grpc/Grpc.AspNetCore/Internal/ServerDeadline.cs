using Grpc.Core.Wire;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>
/// The deadline of a call. It and the handler both want to end the call; the first of them does, and the other one
/// waits for it.
/// </summary>
internal sealed class ServerDeadline : IDisposable
{
    private const int Running = 0;
    private const int Handled = 1;
    private const int Exceeded = 2;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation;
    private readonly Func<Task> _onExceeded;
    private readonly ILogger _logger;
    private readonly DeadlineTimer _timer;
    private int _state;

    public ServerDeadline(TimeSpan timeout, Func<Task> onExceeded, ILogger logger, CancellationToken requestAborted)
    {
        Deadline = DateTime.UtcNow + timeout;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(requestAborted);
        Token = _cancellation.Token;
        _onExceeded = onExceeded;
        _logger = logger;
        _timer = new DeadlineTimer(Deadline, () => _ = ExceedAsync());
    }

    public DateTime Deadline { get; }

    /// <summary>Cancelled by the deadline and by the client.</summary>
    public CancellationToken Token { get; }

    public bool IsExceeded => Volatile.Read(ref _state) == Exceeded;

    /// <summary>True when the handler ends the call; false when the deadline has ended it.</summary>
    public async Task<bool> TryEndAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Handled, Running) == Running)
            return true;

        // The request must not be given back to the server while the deadline still writes to it.
        await _ended.Task;
        return false;
    }

    public void Dispose()
    {
        _timer.Dispose();
        _cancellation.Dispose();
    }

    private async Task ExceedAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Exceeded, Running) != Running)
            return;

        try
        {
            await _onExceeded();
            await _cancellation.CancelAsync();
        }
        catch (Exception ex)
        {
            // A handler's own callback on the token may throw; nobody awaits this.
            ServerLog.DeadlineFailed(_logger, ex);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }
}
