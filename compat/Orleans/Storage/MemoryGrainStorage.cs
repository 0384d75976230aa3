using System.Text.Json;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Objects;
using Orleans.Serialization.Wire;

namespace Orleans.Storage;

/// <summary>A storage in memory, spread over a few grains.</summary>
internal sealed class MemoryGrainStorage(string name, IGrainFactory grains) : IGrainStorage
{
    private const int GrainCount = 10;
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true };

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var record = await Grain(grainId).Read(Key(stateName, grainId));
        grainState.RecordExists = record is not null;
        grainState.ETag = record?.Etag;
        if (record is not null) grainState.State = Unpack<T>(record.State);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = Key(stateName, grainId);
        var outcome = await Grain(grainId).Write(key, grainState.ETag, Pack(grainState.State));
        grainState.ETag = Checked(outcome, "Write", key, grainState.ETag);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = Key(stateName, grainId);
        var outcome = await Grain(grainId).Clear(key, grainState.ETag);
        grainState.ETag = Checked(outcome, "Clear", key, grainState.ETag);
        grainState.RecordExists = false;
    }

    private static string? Checked(MemoryOutcome outcome, string operation, string key, string? etag) => outcome.Done
        ? outcome.StoredEtag
        : throw new InconsistentStateException(
            $"e-Tag mismatch in memory storage: {operation} of {key} with e-Tag {etag ?? "none"}, and the stored one is {outcome.StoredEtag ?? "none"}.",
            outcome.StoredEtag,
            etag);

    private static byte[] Pack<T>(T state)
    {
        if (!TypeModel.IsMarked(typeof(T))) return JsonSerializer.SerializeToUtf8Bytes(state, Json);
        using var writer = new FrameWriter();
        CodecSet.Get<T>().Write(writer, state);
        return [.. writer.Written.Span];
    }

    private static T Unpack<T>(byte[] bytes) => TypeModel.IsMarked(typeof(T))
        ? CodecSet.Get<T>().Read(new(bytes, 0, bytes.Length, [], null))
        : JsonSerializer.Deserialize<T>(bytes, Json)!;

    private string Key(string stateName, GrainId grainId) => $"{name}/{stateName}/{grainId}";

    private IMemoryStorageGrain Grain(GrainId grainId) => grains.GetGrain<IMemoryStorageGrain>(grainId.GetUniformHashCode() % GrainCount);
}
