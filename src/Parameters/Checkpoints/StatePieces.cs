using VaeCluster.Parameters.Compression;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Checkpoints;

/// <summary>Cuts a state into pieces small enough to travel, and puts it together again.</summary>
public static class StatePieces
{
    private const int BytesMax = 4 * ParameterLayout.PartLengthMax;

    /// <summary>
    /// The weights in the layout's parts, then each kind of state of the optimizer in pieces of the same size, and then the scales of gradients, where there
    /// are some.
    /// </summary>
    /// <param name="state">The state, of any range.</param>
    public static IReadOnlyList<byte[]> Split(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var pieces = new List<byte[]>(state.Weights);
        foreach (var values in state.Optimizer.Append(state.Scales))
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
        var scalesLength = HasScales(layout, range, kinds, pieces) ? GradientScales.BytesIn(layout, range) : 0;
        if (!pieces.Select(piece => (long)piece.Length).SequenceEqual(Lengths(layout, range, kinds, scalesLength)))
            throw new InvalidDataException(
                $"The state arrived in {pieces.Count} pieces, which do not match a range of {range.In(layout).Length} values and {kinds} kinds of "
                    + "optimizer state.");
        var next = range.Count;
        byte[][] optimizer = [.. Enumerable.Range(0, kinds).Select(_ => Take(4L * range.ParametersIn(layout)))];
        return new() { Step = step, Updates = updates, Weights = [.. pieces.Take(range.Count)], Optimizer = optimizer, Scales = Take(scalesLength) };

        byte[] Take(long length)
        {
            var values = new byte[length];
            for (var filled = 0; filled < values.Length; filled += pieces[next++].Length)
                pieces[next].CopyTo(values, filled);
            return values;
        }
    }

    /// <summary>Scales come last, so there are more pieces where there are some. Whether the run needs them its store knows.</summary>
    private static bool HasScales(ParameterLayout layout, PartRange range, int kinds, IReadOnlyList<byte[]> pieces) =>
        pieces.Count > Lengths(layout, range, kinds, scalesLength: 0).Count();

    /// <summary>Bytes of each piece of a state.</summary>
    private static IEnumerable<long> Lengths(ParameterLayout layout, PartRange range, int kinds, long scalesLength)
    {
        for (var part = range.First; part < range.End; part++)
            yield return 4L * layout.PartAt(part).Length;
        foreach (var length in Enumerable.Repeat(4L * range.ParametersIn(layout), kinds).Append(scalesLength))
        {
            for (var rest = length; rest > 0; rest -= BytesMax)
                yield return Math.Min(BytesMax, rest);
        }
    }
}
