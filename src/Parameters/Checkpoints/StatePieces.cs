using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Checkpoints;

/// <summary>Cuts a state into pieces small enough to travel, and puts it together again.</summary>
public static class StatePieces
{
    private const int BytesMax = 4 * ParameterLayout.PartLengthMax;

    /// <summary>The weights in the layout's parts, then each kind of state of the optimizer in pieces of the same size.</summary>
    /// <param name="state">The state, of any range.</param>
    public static IReadOnlyList<byte[]> Split(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var pieces = new List<byte[]>(state.Weights);
        foreach (var values in state.Optimizer)
        {
            for (var rest = values.AsSpan(); !rest.IsEmpty; rest = rest[Math.Min(BytesMax, rest.Length)..])
                pieces.Add(rest[..Math.Min(BytesMax, rest.Length)].ToArray());
        }
        return pieces;
    }

    /// <summary>The state that was cut.</summary>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="range">The parts that the state is of.</param>
    /// <param name="kinds">How many kinds of state the optimizer has.</param>
    /// <param name="step">Steps applied.</param>
    /// <param name="updates">Updates made.</param>
    /// <param name="pieces">What <see cref="Split"/> gave.</param>
    /// <exception cref="InvalidDataException">The pieces are not those of such a model.</exception>
    public static TrainingState Join(ParameterLayout layout, PartRange range, int kinds, long step, long updates, IReadOnlyList<byte[]> pieces)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(pieces);
        if (!pieces.Select(piece => (long)piece.Length).SequenceEqual(Lengths(layout, range, kinds)))
            throw new InvalidDataException(
                $"The state arrived in {pieces.Count} pieces, which do not match a range of {range.In(layout).Length} values and {kinds} kinds of optimizer state.");
        var optimizer = new byte[kinds][];
        var next = range.Count;
        for (var kind = 0; kind < kinds; kind++)
        {
            optimizer[kind] = new byte[4L * range.ParametersIn(layout)];
            for (var filled = 0; filled < optimizer[kind].Length; filled += pieces[next++].Length)
                pieces[next].CopyTo(optimizer[kind], filled);
        }
        return new() { Step = step, Updates = updates, Weights = [.. pieces.Take(range.Count)], Optimizer = optimizer };
    }

    /// <summary>Bytes of each piece of a state.</summary>
    private static IEnumerable<long> Lengths(ParameterLayout layout, PartRange range, int kinds)
    {
        for (var part = range.First; part < range.End; part++)
            yield return 4L * layout.PartAt(part).Length;
        for (var kind = 0; kind < kinds; kind++)
        {
            for (var rest = 4L * range.ParametersIn(layout); rest > 0; rest -= BytesMax)
                yield return Math.Min(BytesMax, rest);
        }
    }
}
