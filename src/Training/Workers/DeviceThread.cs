using System.Collections.Concurrent;

namespace VaeCluster.Training.Workers;

/// <summary>
/// A thread that belongs to one device. libtorch's thread counts, dispose scopes and CUDA's current device belong to a thread, so all of
/// a device's work runs on the same one.
/// </summary>
internal sealed class DeviceThread : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DeviceThread(string name)
    {
        var thread = new Thread(Run) { Name = name, IsBackground = true };
        thread.Start();
    }

    /// <summary>Runs work on the thread, after what was asked before.</summary>
    /// <exception cref="ObjectDisposedException">The thread has ended.</exception>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Item()
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }
        try
        {
            _work.Add(Item);
        }
        catch (InvalidOperationException e)
        {
            throw new ObjectDisposedException("The device's thread has ended; it takes no more work.", e);
        }
        return done.Task;
    }

    /// <summary>Lets the work that is queued finish, and ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        _work.CompleteAdding();
        await _ended.Task;
    }

    private void Run()
    {
        foreach (var item in _work.GetConsumingEnumerable())
            item();
        _work.Dispose();
        _ended.SetResult();
    }
}
