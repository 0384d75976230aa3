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

    /// <summary>How long it waits for an answer of a trainer or of the cluster's book; it asks again at the next look.</summary>
    /// <value>Default 1 second.</value>
    public TimeSpan AnswerPatience { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it waits for a trainer to stop its work for it. One that stops later is free later; nobody else waits for that.</summary>
    /// <value>Default 5 seconds.</value>
    public TimeSpan ReleasePatience { get; set; } = TimeSpan.FromSeconds(5);

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
