namespace VaeCluster.Grains.Runs;

/// <summary>How a run looks after itself.</summary>
public sealed class RunOptions
{
    /// <summary>How often a run asks its parameter server how far it is.</summary>
    /// <value>Default 200 milliseconds.</value>
    public TimeSpan WatchPeriod { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often it renews its devices and asks its trainers how they do.</summary>
    /// <value>Default 1 second.</value>
    public TimeSpan TrainerCheckPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often its progress is written to disk.</summary>
    /// <value>Default 5 seconds.</value>
    public TimeSpan ProgressWritePeriod { get; set; } = TimeSpan.FromSeconds(5);
}
