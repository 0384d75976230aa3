using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace VaeCluster.Tests.OrleansCompat.Support;

/// <summary>Keeps what is logged.</summary>
internal sealed class TestLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Text)> _lines = new();

    public IEnumerable<(LogLevel Level, string Category, string Text)> Lines => _lines;

    public bool Has(LogLevel level, string text) => _lines.Any(line => line.Level == level && line.Text.Contains(text, StringComparison.Ordinal));

    public string Dump() => string.Join('\n', _lines.Select(line => $"{line.Level} {line.Category}: {line.Text}"));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(TestLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            log._lines.Enqueue((logLevel, category, exception is null ? formatter(state, exception) : $"{formatter(state, exception)} {exception}"));
            if (Environment.GetEnvironmentVariable("TEST_LOG") is not null && logLevel > LogLevel.Debug) Console.Error.WriteLine($"{DateTime.Now:ss.fff} {logLevel} {category}: {formatter(state, exception)} {exception?.Message}");
        }
    }
}
