using VaeCluster.Contracts;

namespace VaeCluster.Grains;

/// <summary>Distinguishes the ways in which a grain call fails.</summary>
public static class CallFailures
{
    /// <summary>Whether the other side was not reached, or did not answer in time: asking again may help.</summary>
    public static bool IsTransient(Exception e) => e is TimeoutException || (e is OrleansException && CauseIn(e) is null);

    /// <summary>
    /// The error of the disk in what a grain's storage throws: Orleans wraps it in a bare <see cref="OrleansException"/>. A rejected message is of a derived
    /// type, and the errors of a connection inside it are none of the disk. Null when there is none.
    /// </summary>
    public static Exception? StorageErrorIn(Exception e) => CauseIn(e) is { } cause and not FormatVersionException ? cause : null;

    /// <summary>The error of a file that another build wrote, where a grain's storage throws it; null when there is none. Asking again does not help.</summary>
    public static FormatVersionException? FormatErrorIn(Exception e) => CauseIn(e) as FormatVersionException;

    private static Exception? CauseIn(Exception e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e is IOException or UnauthorizedAccessException)
            return e;
        return e.GetType() == typeof(OrleansException) && e.InnerException is { } inner ? CauseIn(inner) : null;
    }
}
