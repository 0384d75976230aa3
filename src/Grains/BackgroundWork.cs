using System.Diagnostics.CodeAnalysis;

namespace VaeCluster.Grains;

/// <summary>
/// Work that a grain starts and does not await in the turn that starts it. It runs on the grain's own scheduler, is cancelled and awaited when it ends,
/// and so never touches an activation that is gone. For one grain's turns only, so it needs no lock.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer or a wait handle holds nothing to dispose of.")]
internal sealed class BackgroundWork
{
    private readonly CancellationTokenSource _ending = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>Cancelled when the work ends.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Starts a piece of work.</summary>
    /// <returns>The work, for those who ask whether it is done. Its exceptions are for whoever awaits it.</returns>
    public Task Start(Func<CancellationToken, Task> work)
    {
        var task = work(_ending.Token);
        if (!task.IsCompleted)
            _ = TrackAsync(task);
        return task;
    }

    /// <summary>Cancels everything that runs, without waiting for it.</summary>
    public void Cancel() => _ending.Cancel();

    /// <summary>
    /// Cancels everything that runs and waits until it is over, whatever came of it, or until <paramref name="cancellationToken"/> says
    /// that there is no more time.
    /// </summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _ending.CancelAsync();
        var over = Task.WhenAll(_running);
        await over.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async Task TrackAsync(Task task)
    {
        _running.Add(task);
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _running.Remove(task);
    }
}
