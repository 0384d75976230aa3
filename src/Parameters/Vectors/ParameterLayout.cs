using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Parameters.Vectors;

/// <summary>One tensor of a model in the flat vector.</summary>
/// <param name="Name">As PyTorch names it, e.g. <c>encoder.0.weight</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Where it starts in the flat vector, in floats.</param>
/// <param name="IsBuffer">Whether it is a running statistic rather than something an optimizer moves.</param>
public sealed record ParameterSlot(string Name, IReadOnlyList<long> Shape, int Offset, bool IsBuffer)
{
    /// <summary>How many floats it has.</summary>
    public int Length { get; } = checked((int)Shape.Aggregate(1L, (product, size) => product * size));
}

/// <summary>
/// How a model's tensors lie in one flat vector of floats: all parameters in the order of the model, then all buffers. The vector is
/// what travels, in parts of at most <see cref="PartLengthMax"/> floats so that no message comes near the limit of the transport.
/// </summary>
public sealed class ParameterLayout
{
    /// <summary>
    /// Floats in a part: 1 MiB. Small enough that one part is added up while the next one travels; large enough that a message's own cost does not show.
    /// </summary>
    public const int PartLengthMax = PartBuffer.LengthMax / sizeof(float);

    /// <summary>Lays tensors out one after the other; buffers must come after the parameters.</summary>
    public ParameterLayout(IEnumerable<(string Name, IReadOnlyList<long> Shape, bool IsBuffer)> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var slots = new List<ParameterSlot>();
        var offset = 0L;
        foreach (var (name, shape, isBuffer) in tensors)
        {
            if (!isBuffer && slots.Count > 0 && slots[^1].IsBuffer)
                throw new ArgumentException($"The parameter {name} comes after a buffer; parameters come first.", nameof(tensors));
            var end = offset + shape.Aggregate(1L, (product, size) => product * size);
            if (end > Array.MaxLength)
                throw new ArgumentException($"The model has {end} values up to {name}; at most {Array.MaxLength} can be laid out.", nameof(tensors));
            slots.Add(new ParameterSlot(name, shape, (int)offset, isBuffer));
            offset = end;
        }
        Slots = slots;
        Length = (int)offset;
        ParameterLength = slots.Where(slot => !slot.IsBuffer).Sum(slot => slot.Length);
    }

    /// <summary>The tensors in order.</summary>
    public IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>Floats of the vector.</summary>
    public int Length { get; }

    /// <summary>Floats that an optimizer moves: they come first.</summary>
    public int ParameterLength { get; }

    /// <summary>Parts that the vector travels in.</summary>
    public int PartCount => (Length + PartLengthMax - 1) / PartLengthMax;

    /// <summary>Where a part lies, in floats.</summary>
    public (int Start, int Length) PartAt(int part)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(part, PartCount);
        var start = part * PartLengthMax;
        return (start, Math.Min(PartLengthMax, Length - start));
    }
}
