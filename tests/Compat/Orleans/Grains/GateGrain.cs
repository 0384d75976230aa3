using System.Collections.Concurrent;
using Orleans.Concurrency;

namespace VaeCluster.Tests.OrleansCompat.Grains;

/// <summary>Calls that stay until the test lets them go. They meet through the process, since test and grain share it.</summary>
internal static class Gates
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> All = new();

    public static TaskCompletionSource Get(string name) =>
        All.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

public interface IGateGrain : IGrainWithStringKey
{
    /// <summary>Opens the gate "name-in" and waits at "name".</summary>
    Task Pass(string name);

    [AlwaysInterleave]
    Task PassInterleaved(string name);

    [ReadOnly]
    Task PassReadOnly(string name);

    [OneWay]
    Task PassOneWay(string name);

    [OneWay]
    Task FailOneWay();

    [ResponseTimeout("00:00:00.3")]
    Task PassQuickly(string name);

    Task<string> PassCancellable(string name, CancellationToken cancellationToken);

    Task CallSelf(string name);

    Task Block(int milliseconds);

    Task DeactivateThenPass(string name);

    Task<int> Threads(int turns);
}

public class GateGrain : Grain, IGateGrain
{
    private int _inside;

    public async Task Pass(string name)
    {
        Gates.Get(name + "-in").TrySetResult();
        await Gates.Get(name).Task;
    }

    public Task PassInterleaved(string name) => Pass(name);

    public Task PassReadOnly(string name) => Pass(name);

    public Task PassOneWay(string name) => Pass(name);

    public Task FailOneWay() => throw new InvalidOperationException("one way to fail");

    public Task PassQuickly(string name) => Pass(name);

    public async Task<string> PassCancellable(string name, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(() => Gates.Get(name + "-cancelled").TrySetResult());
        Gates.Get(name + "-in").TrySetResult();
        await Gates.Get(name).Task.WaitAsync(cancellationToken);
        return name;
    }

    public Task CallSelf(string name) => GrainFactory.GetGrain<IGateGrain>(this.GetPrimaryKeyString()).PassQuickly(name);

    public Task Block(int milliseconds)
    {
        Thread.Sleep(milliseconds);
        return Task.CompletedTask;
    }

    public Task DeactivateThenPass(string name)
    {
        DeactivateOnIdle();
        return Pass(name);
    }

    /// <summary>The most turns that were ever inside at once, over continuations too.</summary>
    public async Task<int> Threads(int turns)
    {
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, turns).Select(async _ =>
        {
            for (var i = 0; i < 20; i++)
            {
                most = Math.Max(most, Interlocked.Increment(ref _inside));
                Thread.SpinWait(200);
                Interlocked.Decrement(ref _inside);
                await Task.Yield();
            }
        }));
        return most;
    }
}

public interface IOpenGateGrain : IGateGrain;

[Reentrant]
public sealed class OpenGateGrain : GateGrain, IOpenGateGrain;
