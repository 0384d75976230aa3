namespace VaeCluster.Contracts.Specs;

/// <summary>When the run's training state is written to the disk.</summary>
public sealed class CheckpointSpec
{
    /// <summary>The time between two checkpoints: a number of steps, or of seconds with an <c>s</c> behind it.</summary>
    /// <value>Default <c>10s</c>; <c>0</c> writes none but the last.</value>
    public string Every { get; set; } = "10s";

    /// <summary>How many are kept, the newest.</summary>
    /// <value>Default 3: the newest may be damaged, and the one before it too.</value>
    public int Keep { get; set; } = 3;
}
