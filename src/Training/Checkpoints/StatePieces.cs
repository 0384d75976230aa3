using VaeCluster.Training.Parameters;

namespace VaeCluster.Training.Checkpoints;

/// <summary>Cuts a state into pieces small enough to travel, and puts it together again.</summary>
public static class StatePieces
{
    private const int BytesMax = 4 * ParameterLayout.PartLengthMax;

    /// <summary>The weights in the layout's parts, then each kind of state of the optimizer in pieces of the same size.</summary>
    public static IReadOnlyList<byte[]> Split(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return [.. state.Weights, .. state.Optimizer.SelectMany(values => values.Chunk(BytesMax))];
    }

    /// <summary>The state that was cut.</summary>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="kinds">How many kinds of state the optimizer has.</param>
    /// <param name="step">Steps applied.</param>
    /// <param name="updates">Updates made.</param>
    /// <param name="pieces">What <see cref="Split"/> gave.</param>
    /// <exception cref="InvalidDataException">The pieces are not those of such a model.</exception>
    public static TrainingState Join(ParameterLayout layout, int kinds, long step, long updates, IReadOnlyList<byte[]> pieces)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(pieces);
        var each = Math.Max(1, (layout.ParameterLength + ParameterLayout.PartLengthMax - 1) / ParameterLayout.PartLengthMax);
        var weights = pieces.Take(layout.PartCount).ToArray();
        byte[][] optimizer = [.. pieces.Skip(layout.PartCount).Chunk(each).Select(values => values.SelectMany(piece => piece).ToArray())];
        var isWhole = weights.Length == layout.PartCount
            && weights.Index().All(part => part.Item.Length == 4 * layout.PartAt(part.Index).Length)
            && optimizer.Length == kinds
            && Array.TrueForAll(optimizer, values => values.Length == 4L * layout.ParameterLength);
        if (!isWhole)
            throw new InvalidDataException($"A state came in {pieces.Count} pieces, which are not those of a model of {layout.Length} values and {kinds} kinds of optimizer state.");
        return new() { Step = step, Updates = updates, Weights = weights, Optimizer = optimizer };
    }
}
