namespace VaeCluster.Contracts;

/// <summary>A file has another version of its format than this build reads. It may be complete: it is of another build.</summary>
public sealed class FormatVersionException : IOException
{
    private FormatVersionException(string message)
        : base(message)
    {
    }

    /// <summary>Refuses every version but the current one.</summary>
    /// <param name="file">What the file is called, at the beginning of the sentence.</param>
    /// <param name="found">The version that it states; null when it states none, as files before the first version do.</param>
    /// <param name="current">The version that this build reads and writes.</param>
    /// <param name="remedy">What to do where the build that wrote the file is not at hand.</param>
    /// <exception cref="FormatVersionException">The versions differ.</exception>
    public static void ThrowUnless(string file, string? found, int current, string remedy = "submit the run again")
    {
        if (found == current.ToString(System.Globalization.CultureInfo.InvariantCulture))
            return;
        var stated = found is null ? "states no format version" : $"has format version {found}";
        throw new FormatVersionException($"{file} {stated}; this build reads version {current}. Use the build that wrote the file, or {remedy}.");
    }
}
