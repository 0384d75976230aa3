using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Orleans.Runtime.Catalog;

/// <summary>
/// Runs the tasks of one activation one at a time, so that its code needs no locks. Continuations come back here by themselves,
/// since an await captures the scheduler that it runs on.
/// </summary>
internal sealed partial class ActivationScheduler(IGrainContext context, SchedulingOptions options, ILogger logger) : TaskScheduler, IThreadPoolWorkItem
{
    private readonly Lock _sync = new();
    private readonly Queue<Task> _tasks = new();
    private bool _running;

    public override int MaximumConcurrencyLevel => 1;

    void IThreadPoolWorkItem.Execute()
    {
        var before = RuntimeContext.Current;
        RuntimeContext.Current = context;
        var began = Stopwatch.GetTimestamp();
        while (Next() is { } task)
        {
            var turnBegan = Stopwatch.GetTimestamp();
            TryExecuteTask(task);
            var turn = Stopwatch.GetElapsedTime(turnBegan);
            if (turn > options.TurnWarningLengthThreshold) LogLongTurn(logger, context.GrainId, turn, options.TurnWarningLengthThreshold);
            if (Stopwatch.GetElapsedTime(began) > options.ActivationSchedulingQuantum && Yield()) break;
        }

        RuntimeContext.Current = before;
    }

    protected override void QueueTask(Task task)
    {
        lock (_sync)
        {
            _tasks.Enqueue(task);
            if (_running) return;
            _running = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>A turn may run another of its own tasks where it stands, but nobody else may.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(RuntimeContext.Current, context) && ReferenceEquals(Current, this) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_sync) return [.. _tasks];
    }

    private Task? Next()
    {
        lock (_sync)
        {
            if (_tasks.TryDequeue(out var task)) return task;
            _running = false;
            return null;
        }
    }

    /// <summary>Lets other activations at the thread, if there is still something to do here.</summary>
    private bool Yield()
    {
        lock (_sync)
        {
            if (_tasks.Count == 0) return false;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    [LoggerMessage(1, LogLevel.Warning, "A turn of {Grain} took {Turn}, longer than {Limit}: it blocks or computes, and all other calls of the grain wait. Await what it waits for, and compute on a thread of its own.")]
    private static partial void LogLongTurn(ILogger logger, GrainId grain, TimeSpan turn, TimeSpan limit);
}
