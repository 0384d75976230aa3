using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Parameters.Vectors;

/// <summary>A flat vector in the parts that it travels in, addressed as if it were whole.</summary>
public static class PartedVector
{
    /// <summary>Buffers for a vector of this layout, with whatever contents.</summary>
    public static PartBuffer[] Rent(ParameterLayout layout) => Rent(layout, PartRange.All(layout));

    /// <summary>Buffers for some of its parts, with whatever contents.</summary>
    public static PartBuffer[] Rent(ParameterLayout layout, PartRange range)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return [.. Enumerable.Range(range.First, range.Count).Select(part => PartBuffer.Rent(sizeof(float) * layout.PartAt(part).Length))];
    }

    /// <summary>Writes values at a place, in floats.</summary>
    public static void Write(IReadOnlyList<PartBuffer> parts, int offset, ReadOnlySpan<byte> values)
    {
        for (var position = 4L * offset; values.Length > 0;)
        {
            var room = Room(parts, position);
            var length = Math.Min(room.Length, values.Length);
            values[..length].CopyTo(room);
            values = values[length..];
            position += length;
        }
    }

    /// <summary>Reads values from a place, in floats.</summary>
    public static void Read(IReadOnlyList<PartBuffer> parts, int offset, Span<byte> values)
    {
        for (var position = 4L * offset; values.Length > 0;)
        {
            ReadOnlySpan<byte> source = Room(parts, position);
            var length = Math.Min(source.Length, values.Length);
            source[..length].CopyTo(values);
            values = values[length..];
            position += length;
        }
    }

    private static Span<byte> Room(IReadOnlyList<PartBuffer> parts, long position) =>
        parts[(int)(position / PartBuffer.LengthMax)].Bytes[(int)(position % PartBuffer.LengthMax)..];
}
