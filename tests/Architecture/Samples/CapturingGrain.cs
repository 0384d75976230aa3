using Microsoft.Extensions.Logging;

namespace VaeCluster.Architecture.Tests.Samples;

/// <summary>A grain of which every public method has another thread touch it.</summary>
public sealed partial class CapturingGrain(IPersistentState<List<int>> state, ILogger<CapturingGrain> logger) : Grain
{
    private readonly ILogger<CapturingGrain> _logger = logger;
    private int _count;

    public Task RunLambda() => Task.Run(() => _count++);

    public Task RunMethod() => Task.Run(Count);

    public Task RunLambdaWithALocal(int by) => Task.Run(() => _count += by);

    public Task RunState() => Task.Run(() => state.State.Add(1));

    public Task RunCapturedState()
    {
        var captured = state;
        return Task.Run(() => captured.State.Add(1));
    }

    public Task RunGrainFactory()
    {
        var grains = GrainFactory;
        return Task.Run(() => grains.GetGrain<IGrainWithStringKey>("a"));
    }

    public Task RunTimer()
    {
        var timer = this.RegisterGrainTimer(_ => Task.CompletedTask, new GrainTimerCreationOptions(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        return Task.Run(timer.Dispose).ContinueWith(_ => Task.Run(() => timer.Change(TimeSpan.Zero, TimeSpan.Zero)));
    }

    public Task RunLog() => Task.Run(() => LogSomething(1));

    public async Task RunAsyncLambda(int by)
    {
        await Task.Yield();
        await Task.Run(async () =>
        {
            await Task.Yield();
            _count += by;
        });
    }

    public Task RunLambdaInALambda(int[] values) => Task.Run(() => values.Select(value => value + _count).ToList());

    public Task RunLocalFunction(int by)
    {
        return Task.Run(Add);

        void Add() => _count += by;
    }

    public Task RunVariable(int by)
    {
        var add = () => _count += by;
        return by > 0 ? Task.Run(add) : Task.CompletedTask;
    }

    public Task RunArgument(int by) => OnAnotherThread(() => _count += by);

    public Task RunArgumentOfAnAsyncMethod(int by) => OnAnotherThreadAsync(() => _count += by);

    public Task StartNew(int by) =>
        Task.Factory.StartNew(() => _count += by, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void QueueUserWorkItem() => ThreadPool.QueueUserWorkItem(_ => _count++);

    public void ParallelFor() => Parallel.For(0, 9, i => _count += i);

    public Task ParallelForEach(int[] values) => Parallel.ForEachAsync(values, async (value, _) => _count += value);

    public void StartThread() => new Thread(() => _count++).Start();

    private void Count() => _count++;

    private static Task OnAnotherThread(Action work) => Task.Run(work);

    private static async Task OnAnotherThreadAsync(Action work)
    {
        await Task.Yield();
        await Task.Run(() => work());
        await Task.Run(work);
    }

    [LoggerMessage(1, LogLevel.Information, "Something: {Value}.")]
    private partial void LogSomething(int value);
}
