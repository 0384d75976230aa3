namespace VaeCluster.Benchmarks.Results;

/// <summary>One line of the table: a figure of ours, alone or against another one.</summary>
/// <param name="Name">What <c>--rows</c> calls it.</param>
/// <param name="Title">What is measured.</param>
/// <param name="Quantity">What its values are.</param>
/// <param name="Figure">The figure of ours.</param>
/// <param name="Against">The figure that it is compared with; null for none.</param>
/// <param name="AgainstTitle">What that is.</param>
/// <param name="Target">
/// With a comparison the least ratio of ours to the other, without one the largest value, in the quantity's unit; null for none.
/// </param>
internal sealed record BenchmarkRow(
    string Name,
    string Title,
    Quantity Quantity,
    string Figure,
    string? Against = null,
    string AgainstTitle = "",
    double? Target = null);
