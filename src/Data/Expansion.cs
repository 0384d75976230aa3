namespace VaeCluster.Data;

/// <summary>Refuses compressed files that are small only until they are read.</summary>
internal static class Expansion
{
    /// <summary>Compares a content with its compressed form.</summary>
    /// <param name="name">The file, for the message.</param>
    /// <param name="bytes">Bytes of the content, as announced.</param>
    /// <param name="compressedBytes">Bytes of its compressed form.</param>
    /// <exception cref="DataException">The content is large and more than <see cref="DataLimits.ExpansionMax"/> times as long.</exception>
    public static void Check(string name, Int128 bytes, long compressedBytes)
    {
        if (bytes > DataLimits.ExpansionFreeBytes && bytes > (Int128)compressedBytes * DataLimits.ExpansionMax)
            throw new DataException(
                "data.path",
                $"{name} has {bytes} bytes in {compressedBytes} compressed ones; above {DataLimits.ExpansionFreeBytes} bytes, content may be at most "
                    + $"{DataLimits.ExpansionMax} times as long as its compressed form.",
                "Save it without compression.");
    }
}
