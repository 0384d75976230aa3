namespace VaeCluster.EndToEnd;

/// <summary>Waits for what other processes do, until the test is cancelled.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until the answer is not null.</summary>
    /// <param name="what">What is waited for, as it should stand in the message when it does not come.</param>
    /// <param name="ask">Asks; null for "not yet".</param>
    /// <param name="timeout">How long to ask.</param>
    public static Task<T> GetAsync<T>(string what, Func<Task<T?>> ask, TimeSpan timeout)
        where T : class => Polling.GetAsync(what, ask, timeout, Period, TestContext.Current.CancellationToken);
}
