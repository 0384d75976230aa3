using System.Diagnostics;

namespace OpenTelemetry.Exporter.Internal;

/// <summary>One answer. Its age is measured, not computed from the time of day, which may jump.</summary>
internal sealed class Scrape(byte[] content)
{
    private readonly long _madeAt = Stopwatch.GetTimestamp();

    public ReadOnlyMemory<byte> Content => content;

    public DateTimeOffset Time { get; } = DateTimeOffset.UtcNow;

    public TimeSpan Age => Stopwatch.GetElapsedTime(_madeAt);
}
