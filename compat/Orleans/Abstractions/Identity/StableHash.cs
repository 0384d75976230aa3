namespace Orleans.Runtime;

/// <summary>A hash that is the same in every process: silos must agree on who owns a grain, and string.GetHashCode is salted.</summary>
internal static class StableHash
{
    public static uint Compute32(string text) => Mix((uint)Compute64(text) ^ (uint)(Compute64(text) >> 32));

    /// <summary>FNV-1a over the UTF-16 units; the constants are the published 64-bit ones.</summary>
    public static ulong Compute64(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
        {
            hash = (hash ^ (byte)c) * 1099511628211UL;
            hash = (hash ^ (byte)(c >> 8)) * 1099511628211UL;
        }

        return hash;
    }

    /// <summary>FNV leaves near texts near; the ring needs them spread (the finalizer of MurmurHash3).</summary>
    private static uint Mix(uint h)
    {
        h = (h ^ (h >> 16)) * 0x85ebca6bU;
        h = (h ^ (h >> 13)) * 0xc2b2ae35U;
        return h ^ (h >> 16);
    }
}
