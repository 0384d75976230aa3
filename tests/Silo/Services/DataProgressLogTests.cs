using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using VaeCluster.Silo.Services;

namespace VaeCluster.Silo.Tests.Services;

public sealed class DataProgressLogTests
{
    private readonly Lines _lines = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Report_OfACount_IsWrittenAtFirst_EveryFiveSeconds_AndAtTheEnd()
    {
        var log = new DataProgressLog(_lines, _time);

        for (var second = 0; second < 12; second++)
        {
            log.Report(new($"{second} of 12", second, 12));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        log.Report(new("12 of 12", 12, 12));

        Assert.Equal(["0 of 12", "5 of 12", "10 of 12", "12 of 12"], _lines.Written);
    }

    [Fact]
    public void Report_OfARemark_IsWrittenAtOnce()
    {
        var log = new DataProgressLog(_lines, _time);

        log.Report(new("1 of 9", 1, 9));
        log.Report(new("The cache is damaged.", 0, 0));
        log.Report(new("2 of 9", 2, 9));

        Assert.Equal(["1 of 9", "The cache is damaged."], _lines.Written);
    }

    private sealed class Lines : ILogger<DataProgressLog>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Add(formatter(state, exception));
    }
}
