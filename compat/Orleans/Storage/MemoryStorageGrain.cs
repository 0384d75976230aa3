namespace Orleans.Storage;

/// <summary>Keeps records in the memory of whichever silo it is on, for the whole cluster; they are lost with that silo.</summary>
internal interface IMemoryStorageGrain : IGrainWithIntegerKey
{
    Task<MemoryRecord?> Read(string key);

    /// <summary>Writes if the etag fits, and gives the new one.</summary>
    Task<string> Write(string key, string? etag, [Immutable] byte[] state);

    Task Clear(string key, string? etag);
}

[GenerateSerializer, Immutable]
internal sealed record MemoryRecord(string Etag, byte[] State);

/// <inheritdoc cref="IMemoryStorageGrain"/>
[KeepAlive]
internal sealed class MemoryStorageGrain : Grain, IMemoryStorageGrain
{
    private readonly Dictionary<string, MemoryRecord> _records = [];

    public Task<MemoryRecord?> Read(string key) => Task.FromResult(_records.GetValueOrDefault(key));

    public Task<string> Write(string key, string? etag, [Immutable] byte[] state)
    {
        Check("Write", key, etag);
        _records[key] = new(Guid.NewGuid().ToString("N"), state);
        return Task.FromResult(_records[key].Etag);
    }

    public Task Clear(string key, string? etag)
    {
        Check("Clear", key, etag);
        _records.Remove(key);
        return Task.CompletedTask;
    }

    private void Check(string operation, string key, string? etag)
    {
        var stored = _records.GetValueOrDefault(key)?.Etag;
        if (stored == etag) return;
        throw new InconsistentStateException(
            $"e-Tag mismatch in memory storage: {operation} of {key} with e-Tag {etag ?? "none"}, and the stored one is {stored ?? "none"}.", stored, etag);
    }
}
