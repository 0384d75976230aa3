using System.Collections.Concurrent;
using TorchSharp;

namespace VaeCluster.Training.Runtime;

/// <summary>
/// A thread that belongs to one device. libtorch's thread counts, dispose scopes and CUDA's current device belong to a thread, so all of
/// a device's work runs on the same one.
/// </summary>
internal sealed class DeviceThread : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Tensors created on this thread and not disposed on it, as of the last finished piece of work. Other threads cannot move this count.
    /// </summary>
    public long LiveTensors { get; private set; }

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
                var result = work();
                CountTensors();
                done.SetResult(result);
            }
            catch (Exception e)
            {
                CountTensors();
                done.SetException(e);
            }
        }
        try
        {
            _work.Add(Item);
        }
        catch (InvalidOperationException e)
        {
            throw new ObjectDisposedException("The device's thread has ended and takes no more work.", e);
        }
        return done.Task;
    }

    /// <summary>Lets the work that is queued finish, and ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        _work.CompleteAdding();
        await _ended.Task;
    }

    // Tensor.TotalCount is not exact: it counts the tensor that a parameter is made of twice, and it is one number for all threads.
    private void CountTensors() => LiveTensors = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    private void Run()
    {
        foreach (var item in _work.GetConsumingEnumerable())
            item();
        _work.Dispose();
        _ended.SetResult();
    }
}
