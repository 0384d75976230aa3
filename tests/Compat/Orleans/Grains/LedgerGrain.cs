namespace VaeCluster.Tests.OrleansCompat.Grains;

[GenerateSerializer]
public sealed record LedgerState
{
    [Id(0)]
    public int Sum { get; set; }
}

public interface ILedgerGrain : IGrainWithStringKey
{
    Task Add(int amount);

    Task<int> Sum();

    Task<string?> Etag();

    Task<int> Other();

    Task AddOther(int amount);
}

/// <summary>Two states in one storage, one of them under another name.</summary>
public sealed class LedgerGrain(
    [PersistentState("ledger", "spy")] IPersistentState<LedgerState> ledger,
    [PersistentState("other")] IPersistentState<LedgerState> other,
    ILocalSiloDetails silo) : Grain, ILedgerGrain
{
    internal static int Activations;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Activations);
        ArgumentNullException.ThrowIfNull(silo);
        return Task.CompletedTask;
    }

    public Task Add(int amount)
    {
        ledger.State.Sum += amount;
        return ledger.WriteStateAsync();
    }

    public Task<int> Sum() => Task.FromResult(ledger.State.Sum);

    public Task<string?> Etag() => Task.FromResult(ledger.Etag);

    public Task<int> Other() => Task.FromResult(other.State.Sum);

    public Task AddOther(int amount)
    {
        other.State.Sum += amount;
        return other.WriteStateAsync();
    }
}
