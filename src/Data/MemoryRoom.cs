namespace VaeCluster.Data;

/// <summary>Refuses data that do not fit before a byte of them is read.</summary>
internal static class MemoryRoom
{
    /// <summary>Elements of the longest array.</summary>
    private const long ArrayLengthMax = 0x7FFFFFC7;

    /// <summary>Checks that a number of values fit in memory.</summary>
    /// <param name="path">The field to blame.</param>
    /// <param name="what">What they are, e.g. <c>/data/x.npy (60000x28x28)</c>.</param>
    /// <param name="values">How many.</param>
    /// <param name="bytesPerValue">Of each, in memory.</param>
    /// <param name="room">What the process may have, in bytes; found out when left out: of its container, where that is bounded.</param>
    /// <exception cref="DataException">They do not.</exception>
    public static void Check(string path, string what, Int128 values, int bytesPerValue, long? room = null)
    {
        var bytes = values * bytesPerValue;
        var available = room ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (values > ArrayLengthMax)
            throw new DataException(
                path,
                $"{what} takes {bytes} bytes in memory as {values} values; at most {ArrayLengthMax} values can be held here.",
                "Split it, or take the source images, which is read from its cache and need not fit in memory.");
        if (bytes > available)
            throw new DataException(path, $"{what} takes {bytes} bytes in memory, and this process may have {available}.",
                "Use a machine with more memory, or fewer or smaller examples.");
    }
}
