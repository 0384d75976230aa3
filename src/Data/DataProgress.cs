namespace VaeCluster.Data;

/// <summary>How far a source is with work that takes its time.</summary>
/// <param name="Message">A sentence for the log.</param>
/// <param name="Done">How much is done.</param>
/// <param name="Total">Of how much.</param>
public readonly record struct DataProgress(string Message, long Done, long Total);
