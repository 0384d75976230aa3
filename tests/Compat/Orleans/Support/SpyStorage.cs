using System.Collections.Concurrent;
using Orleans.Storage;

namespace VaeCluster.Tests.OrleansCompat.Support;

/// <summary>A storage of the application's own, with etags that a test can spoil.</summary>
internal sealed class SpyStorage : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    private readonly ConcurrentDictionary<string, (object? State, int Version)> _rows = new();

    public bool Started { get; private set; }

    public Exception? WriteFailure { get; set; }

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(SpyStorage), ServiceLifecycleStage.ApplicationServices, _ =>
    {
        Started = true;
        return Task.CompletedTask;
    });

    public void SpoilEtags()
    {
        foreach (var (key, row) in _rows) _rows[key] = (row.State, row.Version + 1);
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.RecordExists = _rows.TryGetValue($"{stateName}/{grainId}", out var row);
        grainState.ETag = grainState.RecordExists ? $"{row.Version}" : null;
        if (grainState.RecordExists) grainState.State = RoundTripCopy((T)row.State!);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (WriteFailure is not null) throw WriteFailure;
        var key = $"{stateName}/{grainId}";
        var stored = _rows.TryGetValue(key, out var row) ? $"{row.Version}" : null;
        if (stored != grainState.ETag) throw new InconsistentStateException("somebody wrote before", stored, grainState.ETag);
        _rows[key] = (RoundTripCopy(grainState.State), row.Version + 1);
        grainState.ETag = $"{row.Version + 1}";
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _rows.TryRemove($"{stateName}/{grainId}", out _);
        (grainState.ETag, grainState.RecordExists) = (null, false);
        return Task.CompletedTask;
    }

    private static T RoundTripCopy<T>(T state) => Orleans.Serialization.CodecSet.Get<T>().Copy(state, 0);
}
