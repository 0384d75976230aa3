using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace VaeCluster.Compat.Grpc.Hosting;

/// <summary>What the server has logged, and what the probe's handlers have seen.</summary>
internal sealed class ProbeLog : ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _marks = [];

    public IEnumerable<Entry> Entries => _entries;

    /// <summary>Set by a handler: that it has come to a point.</summary>
    public void Reach(string mark) => Mark(mark).TrySetResult();

    /// <summary>Waits until a handler has come to a point.</summary>
    public async Task ReachedAsync(string mark)
    {
        try
        {
            await Mark(mark).Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"No handler reached '{mark}' within 20 s. The log: {string.Join("\n", _entries)}");
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private TaskCompletionSource Mark(string mark) => _marks.GetOrAdd(mark, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    internal sealed record Entry(string Category, LogLevel Level, string Text, Exception? Exception);

    private sealed class Logger(ProbeLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._entries.Enqueue(new Entry(category, logLevel, formatter(state, exception), exception));
    }
}
