namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// Lets pushes in, or holds them back for a moment in which nothing changes. For one grain's turns only, so it needs no lock.
/// </summary>
internal sealed class PushGate
{
    private int _inside;
    private TaskCompletionSource? _opened;
    private TaskCompletionSource? _emptied;

    /// <summary>Waits until the gate is open, and goes in.</summary>
    public async Task EnterAsync()
    {
        while (_opened is { } opened)
            await opened.Task;
        _inside++;
    }

    /// <summary>Goes out.</summary>
    public void Leave()
    {
        _inside--;
        if (_inside == 0)
            _emptied?.TrySetResult();
    }

    /// <summary>Closes the gate and waits until nobody is inside.</summary>
    public async Task CloseAsync()
    {
        while (_opened is { } opened)
            await opened.Task;
        _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_inside > 0)
            await _emptied.Task;
    }

    /// <summary>Opens it again.</summary>
    public void Open()
    {
        var opened = _opened!;
        (_opened, _emptied) = (null, null);
        opened.SetResult();
    }
}
