using Microsoft.Extensions.Time.Testing;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data;

/// <summary>Calls wait for data no longer than they want to, and threads that hang are few.</summary>
public sealed class DataOpenerTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly ManualResetEventSlim _blocked = new();
    private readonly DataOpener _opener;
    private readonly DataSpec _spec = ASpec.With("data.count=20", "data.test=5").Data;

    public DataOpenerTests() => _opener = new DataOpener(new DataAccess(), _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _blocked.Set();
        _blocked.Dispose();
    }

    [Fact]
    public async Task UseAsync_GivesWhatTheUseReturns() => Assert.Equal(20, await _opener.UseAsync(_spec, data => data.Count, Token));

    [Fact]
    public async Task UseAsync_WhenTheCallEnds_EndsAtOnce_WhateverBlocks()
    {
        using var call = new CancellationTokenSource();
        var entered = new TaskCompletionSource();
        var use = _opener.UseAsync(_spec, _ => Block(entered), call.Token);
        await entered.Task.WaitAsync(Soon, Token);

        await call.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => use.WaitAsync(Soon, Token));
    }

    [Fact]
    public async Task UseAsync_WithoutProgressForLong_GivesUp()
    {
        var entered = new TaskCompletionSource();
        var use = _opener.UseAsync(_spec, _ => Block(entered), Token);
        await entered.Task.WaitAsync(Soon, Token);

        _time.Advance(DataLimits.StallTimeout);

        var e = await Assert.ThrowsAsync<DataException>(() => use.WaitAsync(Soon, Token));
        Assert.EndsWith("gave no data for 30 s. Check the file system that it is on, and submit again.", e.Message, StringComparison.Ordinal);
    }

    private int Block(TaskCompletionSource entered)
    {
        entered.SetResult();
        _blocked.Wait(CancellationToken.None);
        return 0;
    }
}
