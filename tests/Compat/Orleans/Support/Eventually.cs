using System.Diagnostics;

namespace VaeCluster.Tests.OrleansCompat.Support;

/// <summary>Waits for conditions, and says what was missing.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public static Task TrueAsync(Func<bool> condition, Func<string> expected) => TrueAsync(() => Task.FromResult(condition()), expected);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> expected)
    {
        for (var clock = Stopwatch.StartNew(); !await condition();)
        {
            if (clock.Elapsed > Timeout) Assert.Fail($"Not within {Timeout.TotalSeconds} s: {expected()}");
            await Task.Delay(20);
        }
    }

    /// <summary>Awaits a task, but not for ever.</summary>
    public static async Task<T> InTimeAsync<T>(this Task<T> task, string what)
    {
        if (await Task.WhenAny(task, Task.Delay(Timeout)) != task) Assert.Fail($"Not within {Timeout.TotalSeconds} s: {what}");
        return await task;
    }

    public static async Task InTimeAsync(this Task task, string what)
    {
        if (await Task.WhenAny(task, Task.Delay(Timeout)) != task) Assert.Fail($"Not within {Timeout.TotalSeconds} s: {what}");
        await task;
    }
}
