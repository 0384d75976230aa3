using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using VaeCluster.Silo.Hosting;

namespace VaeCluster.Silo.Tests.Hosting;

public sealed class TextLogFormatterTests
{
    [Fact]
    public void Write_IsOneLine_InWhichNothingIsHidden()
    {
        var line = Line("1 of 2 files are left out: \u001b[2J\u001b]0;owned\u0007.png.\n00:00:00.000 crit: a line of its own", null);

        Assert.Equal(
            "00:00:00.000 warn: VaeCluster[3] 1 of 2 files are left out: \\x1B[2J\\x1B]0;owned\\x07.png.\\x0A00:00:00.000 crit: a line of its own\n",
            line);
    }

    [Fact]
    public void Write_WithAnException_KeepsItOnTheLine_AndHidesNothingOfIt() =>
        Assert.Equal(
            "00:00:00.000 warn: VaeCluster[3] It failed. System.IO.IOException: cannot read \\x1B[31m.png second line\n",
            Line("It failed.", new IOException("cannot read \u001b[31m.png\nsecond line")));

    private static string Line(string message, Exception? exception)
    {
        using var writer = new StringWriter();
        var entry = new LogEntry<string>(LogLevel.Warning, "VaeCluster", new EventId(3), message, exception, (state, _) => state);
        new TextLogFormatter(new FakeTimeProvider(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero))).Write(in entry, null, writer);
        return writer.ToString();
    }
}
