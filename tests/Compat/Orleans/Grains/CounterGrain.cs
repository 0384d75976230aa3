namespace VaeCluster.Tests.OrleansCompat.Grains;

public interface ICounterGrain : IGrainWithStringKey
{
    Task<int> Increment(int by);

    ValueTask<int> Get();

    /// <summary>Adds with a pause between reading and writing, which only turns make correct.</summary>
    Task SlowIncrement(int milliseconds);

    Task<string> Where();

    Task<Guid> Activation();

    Task Deactivate();
}

public sealed class CounterGrain : Grain, ICounterGrain
{
    private int _count;

    internal static int ActivationCount;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref ActivationCount);
        return Task.CompletedTask;
    }

    public Task<int> Increment(int by) => Task.FromResult(_count += by);

    public ValueTask<int> Get() => new(_count);

    public async Task SlowIncrement(int milliseconds)
    {
        var before = _count;
        await Task.Delay(milliseconds);
        _count = before + 1;
    }

    public Task<string> Where() => Task.FromResult(RuntimeIdentity);

    public Task<Guid> Activation() => Task.FromResult(Guid.ParseExact(GrainContext.ActivationId.ToParsableString()[1..], "N"));

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

[GenerateSerializer]
public sealed class NotebookState
{
    [Id(0)]
    public string Text { get; set; } = "";
}

public interface INotebookGrain : IGrainWithIntegerKey
{
    Task Write(string text);

    Task<string> Read();

    Task<bool> Exists();

    Task Clear();

    Task Deactivate();
}

public sealed class NotebookGrain([PersistentState("notes", "memory")] IPersistentState<NotebookState> state) : Grain, INotebookGrain
{
    public Task Write(string text)
    {
        state.State.Text = text;
        return state.WriteStateAsync();
    }

    public Task<string> Read() => Task.FromResult(state.State.Text);

    public Task<bool> Exists() => Task.FromResult(state.RecordExists);

    public Task Clear() => state.ClearStateAsync();

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
