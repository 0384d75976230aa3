using VaeCluster.Parameters.Vectors;


namespace VaeCluster.Parameters.Checkpoints;

/// <summary>Cuts a state into pieces small enough to travel, and puts it together again.</summary>
public static class StatePieces
{
    private const int BytesMax = 4 * ParameterLayout.PartLengthMax;

    /// <summary>The weights in the layout's parts, then each kind of state of the optimizer in pieces of the same size.</summary>
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
    /// <param name="kinds">How many kinds of state the optimizer has.</param>
    /// <param name="step">Steps applied.</param>
    /// <param name="updates">Updates made.</param>
    /// <param name="pieces">What <see cref="Split"/> gave.</param>
    /// <exception cref="InvalidDataException">The pieces are not those of such a model.</exception>
    public static TrainingState Join(ParameterLayout layout, int kinds, long step, long updates, IReadOnlyList<byte[]> pieces)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(pieces);
        if (!pieces.Select(piece => (long)piece.Length).SequenceEqual(Lengths(layout, kinds)))
            throw new InvalidDataException(
                $"The state arrived in {pieces.Count} pieces, which do not match a model of {layout.Length} values and {kinds} kinds of optimizer state.");
        var optimizer = new byte[kinds][];
        var next = layout.PartCount;
        for (var kind = 0; kind < kinds; kind++)
        {
            optimizer[kind] = new byte[4L * layout.ParameterLength];
            for (var filled = 0; filled < optimizer[kind].Length; filled += pieces[next++].Length)
                pieces[next].CopyTo(optimizer[kind], filled);
        }
        return new() { Step = step, Updates = updates, Weights = [.. pieces.Take(layout.PartCount)], Optimizer = optimizer };
    }

    /// <summary>Bytes of each piece of a state.</summary>
    private static IEnumerable<long> Lengths(ParameterLayout layout, int kinds)
    {
        for (var part = 0; part < layout.PartCount; part++)
            yield return 4L * layout.PartAt(part).Length;
        for (var kind = 0; kind < kinds; kind++)
        {
            for (var rest = 4L * layout.ParameterLength; rest > 0; rest -= BytesMax)
                yield return Math.Min(BytesMax, rest);
        }
    }
}
