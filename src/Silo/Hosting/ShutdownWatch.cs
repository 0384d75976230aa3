namespace VaeCluster.Silo.Hosting;

/// <summary>
/// Ends the process of a silo whose stop hangs, less than 5 s after it was asked to stop. Orleans reports to the membership first that a silo stops and last
/// that it is gone, and waits up to a minute for each where the membership does not answer; and a file system or a device may block the work in between.
/// Nothing is lost by an early end: runs go on from their newest checkpoints, to the same bits.
/// </summary>
internal sealed class ShutdownWatch : ILifecycleParticipant<ISiloLifecycle>, IHostedService
{
    /// <summary>How long the membership may take to hear that this silo stops.</summary>
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How long after the request to stop all work must be over.</summary>
    private static readonly TimeSpan WorkTimeout = TimeSpan.FromSeconds(3.5);

    /// <summary>How long it may take to hear that this silo is gone; its work is over and written by then.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(1);

    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _workStopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ShutdownWatch(IHostApplicationLifetime lifetime, TimeProvider time) => (_lifetime, _time) = (lifetime, time);

    /// <summary>Ends the process; a test puts something else here.</summary>
    public Action<int, string> Exit { get; set; } = (code, reason) =>
    {
        // The logger writes from a thread of its own, which would not come to it any more.
        Console.Error.WriteLine($"vaesilo: {reason}");
        Environment.Exit(code);
    };

    public void Participate(ISiloLifecycle lifecycle)
    {
        // A stage is stopped when all above it are: below the last the membership has been notified, and above the first where all work is over.
        lifecycle.Subscribe(nameof(ShutdownWatch), ServiceLifecycleStage.BecomeActive - 1, _ => Task.CompletedTask, _ => Reached(_left));
        lifecycle.Subscribe(nameof(ShutdownWatch), ServiceLifecycleStage.RuntimeInitialize + 2, _ => Task.CompletedTask, _ => Reached(_workStopped));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _lifetime.ApplicationStopping.Register(() => _ = WatchAsync());
        _lifetime.ApplicationStopped.Register(() => _stopped.TrySetResult());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal async Task WatchAsync()
    {
        var startedAt = _time.GetTimestamp();
        if (!await WithinAsync(_left, LeaveTimeout))
            Exit(1,
                $"the membership did not answer within {LeaveTimeout.TotalSeconds:F0} s, so this silo exits without leaving it; the others "
                    + "declare this silo dead, and its runs continue from their newest checkpoints.");
        else if (!await WithinAsync(_workStopped, WorkTimeout - _time.GetElapsedTime(startedAt)))
            Exit(1, $"the work of this silo did not end within {WorkTimeout.TotalSeconds:F1} s; its runs continue from their newest checkpoints.");
        else if (!await WithinAsync(_stopped, FarewellTimeout))
            Exit(0, "all work is finished and written, but the membership does not answer; this silo exits without it.");
    }

    private async Task<bool> WithinAsync(TaskCompletionSource reached, TimeSpan timeout)
    {
        try
        {
#pragma warning disable MA0040 // The tokens of the lifetime say which stage of the stop is reached; they do not end the watch.
            await Task.WhenAny(reached.Task, _stopped.Task).WaitAsync(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero, _time);
#pragma warning restore MA0040
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static Task Reached(TaskCompletionSource stage)
    {
        stage.TrySetResult();
        return Task.CompletedTask;
    }
}

/// <summary>Registers the watch.</summary>
internal static class ShutdownWatchExtensions
{
    public static void AddShutdownWatch(this IServiceCollection services)
    {
        services.AddSingleton<ShutdownWatch>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<ShutdownWatch>());
        services.AddHostedService(provider => provider.GetRequiredService<ShutdownWatch>());
    }
}
