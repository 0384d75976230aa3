using Orleans.Serialization;
using Orleans.Serialization.Wire;

namespace VaeCluster.Tests.OrleansCompat.Serialization;

/// <summary>Writes and reads values as messages do.</summary>
internal static class RoundTrip
{
    public static T Of<T>(T value) => Into<T, T>(value);

    /// <summary>Writes as one type and reads as another, as two versions of a process would.</summary>
    public static TTo Into<TFrom, TTo>(TFrom value)
    {
        var (bytes, segments) = Write(value);
        return Read<TTo>(bytes, segments);
    }

    public static (byte[] Inline, byte[][] Segments) Write<T>(T value)
    {
        using var writer = new FrameWriter();
        CodecSet.Get<T>().Write(writer, value);
        return (writer.Written.ToArray(), [.. writer.Segments.Select(segment => segment.ToArray())]);
    }

    public static T Read<T>(byte[] inline, params byte[][] segments)
    {
        var reader = new FrameReader(inline, 0, inline.Length, segments, null);
        var value = CodecSet.Get<T>().Read(reader);
        Assert.Equal(0, reader.Remaining);
        return value;
    }

    public static T Copy<T>(T value) => CodecSet.Get<T>().Copy(value, 0);
}
