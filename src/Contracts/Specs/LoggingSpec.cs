namespace VaeCluster.Contracts.Specs;

/// <summary>What is written down while the run trains.</summary>
public sealed class LoggingSpec
{
    /// <summary>Steps that one line of <c>metrics.jsonl</c> is the mean of.</summary>
    /// <value>Default 10.</value>
    public int Every { get; set; } = 10;

    /// <summary>Images on a side of a grid: this many rows and columns.</summary>
    /// <value>Default 10.</value>
    public int GridSide { get; set; } = 10;
}
