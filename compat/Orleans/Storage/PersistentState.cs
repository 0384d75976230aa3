using Orleans.Runtime;
using Orleans.Runtime.Catalog;
using Orleans.Serialization.Objects;

namespace Orleans.Storage;

/// <inheritdoc cref="IPersistentState{TState}"/>
internal sealed class PersistentState<TState> : IPersistentState<TState>
{
    private readonly string _name;
    private readonly IGrainContext _context;
    private readonly IGrainStorage _storage;
    private GrainState<TState> _record = new(New());

    public PersistentState(string name, IGrainContext context, IGrainStorage storage)
    {
        _name = name;
        _context = context;
        _storage = storage;
        ((Activation)context).AddSetup(_ => ReadStateAsync());
    }

    public TState State
    {
        get => _record.State;
        set => _record.State = value;
    }

    public string? Etag => _record.ETag;

    public bool RecordExists => _record.RecordExists;

    public Task ReadStateAsync() => RunAsync("reading", async () =>
    {
        await _storage.ReadStateAsync(_name, _context.GrainId, _record);
        if (!_record.RecordExists && _record.State is null) _record.State = New();
    });

    public Task WriteStateAsync() => RunAsync("writing", () => _storage.WriteStateAsync(_name, _context.GrainId, _record));

    public Task ClearStateAsync() => RunAsync("clearing", async () =>
    {
        await _storage.ClearStateAsync(_name, _context.GrainId, _record);
        _record = new(New(), _record.ETag) { RecordExists = _record.RecordExists };
    });

    /// <summary>A state starts as its constructor makes it; one without a parameterless constructor starts empty, and a number at zero.</summary>
    private static TState New() => typeof(TState).IsValueType || typeof(TState) == typeof(string) ? default! : Maker.Value();

    private async Task RunAsync(string what, Func<Task> operation)
    {
        try
        {
            await operation();
        }
        catch (Exception exception) when (exception is not OrleansException)
        {
            throw new OrleansException($"Error {what} state '{_name}' of {_context.GrainId} in {_storage.GetType().Name}: {exception.Message}", exception);
        }
    }

    private static class Maker
    {
        public static readonly Func<TState> Value = (Func<TState>)typeof(MemberAccess)
            .GetMethod(nameof(MemberAccess.Maker))!.MakeGenericMethod(typeof(TState)).Invoke(null, [])!;
    }
}
