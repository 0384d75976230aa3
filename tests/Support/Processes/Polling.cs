using System.Diagnostics;

namespace VaeCluster.Tests.Support.Processes;

/// <summary>Waits for what other processes do.</summary>
internal static class Polling
{
    /// <summary>Asks until the answer is not null.</summary>
    /// <param name="what">What is waited for, as it should stand in the message when it does not come.</param>
    /// <param name="ask">Asks; null for "not yet".</param>
    /// <param name="timeout">How long to ask.</param>
    /// <param name="period">The pause between two questions.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public static async Task<T> GetAsync<T>(
        string what, Func<Task<T?>> ask, TimeSpan timeout, TimeSpan period, CancellationToken cancellationToken)
        where T : class
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (await ask() is { } answer)
                return answer;
            if (clock.Elapsed > timeout)
                throw new TimeoutException($"{what} did not come within {timeout.TotalSeconds} s.");
            await Task.Delay(period, cancellationToken);
        }
    }
}
