namespace VaeCluster.Tests.OrleansCompat.Grains;

[GenerateSerializer, Immutable]
public sealed record SealedCargo([property: Id(0)] byte[] Bytes);

[GenerateSerializer]
public sealed class Cargo
{
    [Id(0)]
    public byte[] Bytes { get; set; } = [];
}

/// <summary>Keeps what it is given, so that a test in the same process can see whether that is its own object.</summary>
public interface ICargoGrain : IGrainWithGuidKey
{
    Task Load(Cargo cargo);

    Task LoadImmutable([Immutable] Cargo cargo);

    Task LoadSealed(SealedCargo cargo);

    Task<Cargo> Unload();

    Task<SealedCargo> UnloadSealed();

    Task<ICargoGrain> Self();

    Task<Guid> Pass(ICargoGrain to, Cargo cargo);
}

public sealed class CargoGrain : Grain, ICargoGrain
{
    private SealedCargo _sealed = new([]);

    internal static Cargo Last { get; private set; } = new();

    internal static SealedCargo LastSealed { get; private set; } = new([]);

    public Task Load(Cargo cargo)
    {
        Last = cargo;
        return Task.CompletedTask;
    }

    public Task LoadImmutable(Cargo cargo) => Load(cargo);

    public Task LoadSealed(SealedCargo cargo)
    {
        LastSealed = _sealed = cargo;
        return Task.CompletedTask;
    }

    public Task<Cargo> Unload() => Task.FromResult(Last);

    public Task<SealedCargo> UnloadSealed() => Task.FromResult(_sealed);

    public Task<ICargoGrain> Self() => Task.FromResult<ICargoGrain>(this);

    public async Task<Guid> Pass(ICargoGrain to, Cargo cargo)
    {
        await to.Load(cargo);
        return to.GetPrimaryKey();
    }
}
