namespace VaeCluster.Architecture.Tests.Samples;

/// <summary>A grain of which every public method blocks its thread.</summary>
public sealed class BlockingGrain : Grain
{
    private readonly SemaphoreSlim _semaphore = new(1);
    private readonly ManualResetEventSlim _slimEvent = new();
    private readonly ManualResetEvent _event = new(false);

    public void Wait(Task task) => task.Wait();

    public void WaitAll(Task task) => Task.WaitAll(task);

    public int Result(Task<int> task) => task.Result;

    public int ResultOfAValueTask(ValueTask<int> task) => task.Result;

    public void GetResult(Task task) => task.GetAwaiter().GetResult();

    public int GetResultOfAValueTask(ValueTask<int> task) => task.GetAwaiter().GetResult();

    public async Task<int> GetResultBesideAnAwait(Task<int> task)
    {
        await Task.Yield();
        return task.GetAwaiter().GetResult();
    }

    public void Sleep() => Thread.Sleep(1);

    public void WaitForSemaphore() => _semaphore.Wait();

    public void WaitForSlimEvent() => _slimEvent.Wait();

    public void WaitForEvent() => _event.WaitOne();

    public int InALambda(Task<int> task)
    {
        var result = () => task.Result;
        return result();
    }
}

/// <summary>A grain that awaits.</summary>
public sealed class AwaitingGrain : Grain
{
    private readonly SemaphoreSlim _semaphore = new(1);

    public async Task<int> Await(Task<int> task, ValueTask<int> valueTask)
    {
        await _semaphore.WaitAsync();
        try
        {
            await Task.Yield();
            return await task + await valueTask;
        }
        finally
        {
            _semaphore.Release();
        }
    }

    public async Task<int> AwaitAll(Task<int>[] tasks, IAsyncEnumerable<int> values)
    {
        var sum = (await Task.WhenAll(tasks)).Sum();
        await foreach (var value in values)
            sum += value;
        return sum;
    }
}
