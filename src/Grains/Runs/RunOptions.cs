namespace VaeCluster.Grains.Runs;

/// <summary>How a run looks after itself.</summary>
public sealed class RunOptions
{
    /// <summary>How often a run asks its parameter server how far it is.</summary>
    /// <value>Default 200 milliseconds.</value>
    public TimeSpan WatchPeriod { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A trainer is late no sooner than this, however fast steps usually come.</summary>
    /// <value>Default 1 second.</value>
    public TimeSpan LateAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the shards of a trainer that was late are computed by others too, before it is trusted again.</summary>
    /// <value>Default 30 seconds.</value>
    public TimeSpan BackupPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often its progress is written to disk.</summary>
    /// <value>Default 5 seconds.</value>
    public TimeSpan ProgressWritePeriod { get; set; } = TimeSpan.FromSeconds(5);
}
