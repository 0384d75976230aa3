using System.Collections.Immutable;

namespace VaeCluster.Parameters.Vectors;

/// <summary>Consecutive parts of a flat vector: what one parameter server owns of it.</summary>
/// <param name="First">The first part, counted from 0.</param>
/// <param name="Count">How many parts.</param>
public readonly record struct PartRange(int First, int Count)
{
    /// <summary>The part after the last one.</summary>
    public int End => First + Count;

    /// <summary>Every part.</summary>
    public static PartRange All(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new(0, layout.PartCount);
    }

    /// <summary>Ranges as equal as can be, ascending.</summary>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="count">How many ranges: 1 to the number of parts.</param>
    public static ImmutableArray<PartRange> Divide(ParameterLayout layout, int count)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, layout.PartCount);
        return [.. Enumerable.Range(0, count).Select(index => Between(Cut(index), Cut(index + 1)))];

        int Cut(int index) => (int)((long)layout.PartCount * index / count);
        static PartRange Between(int start, int end) => new(start, end - start);
    }

    /// <summary>Whether a part is in the range.</summary>
    public bool Contains(int part) => First <= part && part < End;

    /// <summary>Where the range lies in the flat vector, in floats.</summary>
    public (int Start, int Length) In(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var start = First * ParameterLayout.PartLengthMax;
        return (start, (int)Math.Min((long)End * ParameterLayout.PartLengthMax, layout.Length) - start);
    }

    /// <summary>Floats in the range that an optimizer moves: they come first in it.</summary>
    public int ParametersIn(ParameterLayout layout)
    {
        var (start, length) = In(layout);
        return Math.Clamp(layout.ParameterLength - start, 0, length);
    }
}
