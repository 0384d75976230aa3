namespace VaeCluster.Data;

/// <summary>
/// The true factors of variation of each example, as indices: what the disentanglement scores (the mutual information gap, FactorVAE's)
/// need of a source that knows how its images came about.
/// </summary>
public sealed class FactorTable
{
    private readonly int[] _indices;

    /// <summary>Wraps a table without copying it.</summary>
    /// <param name="names">The factors' names, e.g. <c>scale</c>.</param>
    /// <param name="sizes">How many values each factor takes, at least 1.</param>
    /// <param name="indices">Row after row, one row per example, one index a factor: 0 to its size - 1.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public FactorTable(IReadOnlyList<string> names, IReadOnlyList<int> sizes, int[] indices)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentNullException.ThrowIfNull(indices);
        if (names.Count == 0 || names.Count != sizes.Count || indices.Length % names.Count != 0)
            throw new ArgumentException($"{names.Count} names, {sizes.Count} sizes and {indices.Length} indices are not a table.", nameof(indices));
        for (var i = 0; i < indices.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= sizes[i % sizes.Count])
                throw new ArgumentException(
                    $"Example {i / names.Count} has {indices[i]} for {names[i % names.Count]}; it must be 0 to {sizes[i % sizes.Count] - 1}.",
                    nameof(indices));
        }
        Names = names;
        Sizes = sizes;
        _indices = indices;
    }

    /// <summary>The factors' names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How many values each factor takes.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>Examples, the same as the dataset's.</summary>
    public int Count => _indices.Length / Names.Count;

    /// <summary>The factors of one example, one index each.</summary>
    public ReadOnlySpan<int> Of(int example) => _indices.AsSpan(example * Names.Count, Names.Count);
}
