namespace VaeCluster.Grains;

/// <summary>Something that happens again and again, for those who await the next time. For one grain's turns only, so it needs no lock.</summary>
internal sealed class AsyncSignal
{
    private TaskCompletionSource _next = Create();

    /// <summary>Completes the next time that the signal is set.</summary>
    public Task Next => _next.Task;

    /// <summary>Completes <see cref="Next"/> for everybody who awaits it now.</summary>
    public void Set()
    {
        var current = _next;
        _next = Create();
        current.SetResult();
    }

    // Continuations on the setter's stack would run in the middle of its turn.
    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
