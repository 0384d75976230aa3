using System.Buffers.Binary;
using CsCheck;

namespace VaeCluster.Fuzz;

/// <summary>Changes valid files in the ways that find what their readers forgot.</summary>
internal static class Mutations
{
    private static readonly long[] Edges =
    [
        0, 1, -1, 2, 7, 8, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 16_777_216, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, long.MaxValue,
        long.MinValue,
    ];

    /// <summary>A number from 0 to below a bound.</summary>
    public static int Below(this PCG random, int bound) => (int)random.Next((uint)bound);

    /// <summary>Bytes of any value, up to a length.</summary>
    public static byte[] Bytes(this PCG random, int lengthMax)
    {
        var bytes = new byte[random.Below(lengthMax + 1)];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)random.Below(256);
        return bytes;
    }

    /// <summary>One of some things.</summary>
    public static T Of<T>(this PCG random, IReadOnlyList<T> things) => things[random.Below(things.Count)];

    /// <summary>A few changes of a file; once in a while none, and once in a while nothing of it is left.</summary>
    public static byte[] Mutate(this PCG random, byte[] file)
    {
        if (random.Below(20) == 0)
            return random.Bytes(300);
        var content = (byte[])file.Clone();
        for (var changes = random.Below(5); changes > 0; changes--)
            content = MutateOnce(random, content);
        return content;
    }

    private static byte[] MutateOnce(PCG random, byte[] content)
    {
        if (content.Length == 0)
            return random.Bytes(16);
        // The first bytes of a file decide most of what its reader does.
        var at = random.Below(random.Below(2) == 0 ? Math.Min(content.Length, 128) : content.Length);
        switch (random.Below(7))
        {
            case 0:
                content[at] ^= (byte)(1 << random.Below(8));
                return content;
            case 1:
                content[at] = (byte)random.Below(256);
                return content;
            case 2:
                return content[..at];
            case 3:
                return [.. content[..at], .. random.Bytes(64), .. content[at..]];
            case 4:
                var end = Math.Min(content.Length, at + 1 + random.Below(64));
                return [.. content[..at], .. content[end..]];
            case 5:
                var copied = content[at..Math.Min(content.Length, at + 1 + random.Below(64))];
                return [.. content[..at], .. copied, .. content[at..]];
            default:
                return WithEdge(random, content, at);
        }
    }

    private static byte[] WithEdge(PCG random, byte[] content, int at)
    {
        Span<byte> edge = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(edge, random.Of(Edges));
        var width = Math.Min(1 << random.Below(4), content.Length - at);
        if (random.Below(2) == 0)
            edge[..width].Reverse();
        edge[..width].CopyTo(content.AsSpan(at));
        return content;
    }
}
