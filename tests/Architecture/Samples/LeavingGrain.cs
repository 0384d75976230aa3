namespace VaeCluster.Architecture.Tests.Samples;

/// <summary>A grain of which every public method leaves its scheduler.</summary>
public sealed class LeavingGrain : Grain
{
    public async Task AwaitTask() => await Task.Delay(1).ConfigureAwait(false);

    public async Task<int> AwaitValueTask() => await ValueTask.FromResult(1).ConfigureAwait(false);

    public async Task AwaitWithOptions() => await Task.Delay(1).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    public async Task AwaitUsing()
    {
        var stream = new MemoryStream();
        await using (stream.ConfigureAwait(false))
            stream.WriteByte(1);
    }

    public async Task AwaitForeach(IAsyncEnumerable<int> values)
    {
        await foreach (var _ in values.ConfigureAwait(false))
            await Task.Yield();
    }
}

/// <summary>A grain that stays on its scheduler.</summary>
public sealed class StayingGrain : Grain
{
    public async Task AwaitPlainly() => await Task.Delay(1);

    public async Task AwaitTrue() => await Task.Delay(1).ConfigureAwait(true);

    public async Task AwaitWithoutThrowing() =>
        await Task.Delay(1).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
}
