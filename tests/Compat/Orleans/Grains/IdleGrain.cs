namespace VaeCluster.Tests.OrleansCompat.Grains;

public interface IIdleGrain : IGrainWithIntegerKey
{
    Task Touch();

    Task Keep(TimeSpan time);
}

public class IdleGrain : Grain, IIdleGrain
{
    internal static System.Collections.Concurrent.ConcurrentDictionary<GrainId, DeactivationReason> Ended { get; } = new();

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Ended[this.GetGrainId()] = reason;
        return Task.CompletedTask;
    }

    public Task Touch() => Task.CompletedTask;

    public Task Keep(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }
}

public interface IKeptGrain : IIdleGrain;

[KeepAlive]
public sealed class KeptGrain : IdleGrain, IKeptGrain;
