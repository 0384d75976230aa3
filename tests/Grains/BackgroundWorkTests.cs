namespace VaeCluster.Grains.Tests;

public sealed class BackgroundWorkTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task End_CancelsWhatRuns_AndWaitsForIt()
    {
        var work = new BackgroundWork();
        var release = new TaskCompletionSource();
        var task = work.Start(async ending =>
        {
            await Task.Delay(Timeout.Infinite, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await release.Task;
        });

        var end = work.EndAsync(Token);
        var endedBefore = end.IsCompleted;
        release.SetResult();
        await end.WaitAsync(Limit, Token);

        Assert.False(endedBefore);
        Assert.True(task.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task End_OfWorkThatFails_DoesNotThrow_AndLeavesTheErrorToWhoeverAwaits()
    {
        var work = new BackgroundWork();
        var task = work.Start(async ending => await Task.Delay(Timeout.Infinite, ending));

        await work.EndAsync(Token).WaitAsync(Limit, Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
    }

    [Fact]
    public async Task End_WithoutTime_ReturnsWithWorkUnderWay()
    {
        var work = new BackgroundWork();
        var never = new TaskCompletionSource();
        _ = work.Start(_ => never.Task);

        await work.EndAsync(new CancellationToken(canceled: true)).WaitAsync(Limit, Token);

        Assert.True(work.Ending.IsCancellationRequested);
    }
}
