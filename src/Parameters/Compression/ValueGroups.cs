namespace VaeCluster.Parameters.Compression;

/// <summary>Values that are encoded together; the last group of a part is filled up with zeros.</summary>
internal static class ValueGroups
{
    /// <summary>Values in a group: as many as there are bytes in a vector and bits in a word.</summary>
    public const int Length = 32;

    /// <summary>Groups of so many values.</summary>
    public static int CountOf(int values) => (values + Length - 1) / Length;

    /// <summary>A group.</summary>
    /// <param name="values">All values.</param>
    /// <param name="group">Which group.</param>
    /// <param name="last">Memory for the last group, where it has to be filled up.</param>
    public static ReadOnlySpan<float> At(ReadOnlySpan<float> values, int group, Span<float> last)
    {
        var rest = values[(group * Length)..];
        if (rest.Length >= Length)
            return rest;
        last.Clear();
        rest.CopyTo(last);
        return last;
    }
}
