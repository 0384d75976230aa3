namespace Orleans.Storage;

/// <summary>Keeps records in the memory of whichever silo it is on, for the whole cluster; they are lost with that silo.</summary>
internal interface IMemoryStorageGrain : IGrainWithIntegerKey
{
    Task<MemoryRecord?> Read(string key);

    /// <summary>Writes if the etag fits.</summary>
    Task<MemoryOutcome> Write(string key, string? etag, [Immutable] byte[] state);

    Task<MemoryOutcome> Clear(string key, string? etag);
}

/// <summary>What became of a change: not an exception, which would say that this grain's own state is out of date.</summary>
[GenerateSerializer, Immutable]
internal sealed record MemoryOutcome(bool Done, string? StoredEtag);

[GenerateSerializer, Immutable]
internal sealed record MemoryRecord(string Etag, byte[] State);

/// <inheritdoc cref="IMemoryStorageGrain"/>
[KeepAlive]
internal sealed class MemoryStorageGrain : Grain, IMemoryStorageGrain
{
    private readonly Dictionary<string, MemoryRecord> _records = [];

    public Task<MemoryRecord?> Read(string key) => Task.FromResult(_records.GetValueOrDefault(key));

    public Task<MemoryOutcome> Write(string key, string? etag, byte[] state) => Change(key, etag, () =>
    {
        _records[key] = new(Guid.NewGuid().ToString("N"), state);
    });

    public Task<MemoryOutcome> Clear(string key, string? etag) => Change(key, etag, () => _records.Remove(key));

    private Task<MemoryOutcome> Change(string key, string? etag, Action change)
    {
        var fits = _records.GetValueOrDefault(key)?.Etag == etag;
        if (fits) change();
        return Task.FromResult(new MemoryOutcome(fits, _records.GetValueOrDefault(key)?.Etag));
    }
}
