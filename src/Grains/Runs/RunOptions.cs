namespace VaeCluster.Grains.Runs;

/// <summary>How a run is driven.</summary>
public sealed class RunOptions
{
    /// <summary>How often a pass of the reconciler begins.</summary>
    /// <value>Default 200 milliseconds.</value>
    public TimeSpan ReconcilePeriod { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A trainer is a straggler no sooner than this, however fast steps usually come.</summary>
    /// <value>Default 1 second.</value>
    public TimeSpan StragglerAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the shards of a straggler are computed by others too, before it is trusted again.</summary>
    /// <value>Default 30 seconds.</value>
    public TimeSpan BackupPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often its progress is written to disk.</summary>
    /// <value>Default 5 seconds.</value>
    public TimeSpan ProgressWritePeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the trainers may take to fetch the weights of the last step.</summary>
    /// <value>Default 30 seconds.</value>
    public TimeSpan FinalWeightsTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
