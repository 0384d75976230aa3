namespace VaeCluster.Data;

/// <summary>When work on data last went on. Written and read by many threads.</summary>
internal sealed class DataPulse(TimeProvider time)
{
    private long _at = time.GetTimestamp();

    /// <summary>How long it did not.</summary>
    public TimeSpan IdleTime => time.GetElapsedTime(Interlocked.Read(ref _at));

    /// <summary>It goes on.</summary>
    public void Beat() => Interlocked.Exchange(ref _at, time.GetTimestamp());
}
