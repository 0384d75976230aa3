namespace VaeCluster.Grains.Storage;

/// <summary>Files that are opened to lock others out.</summary>
internal static class FileLocks
{
    /// <summary>
    /// Whether a file could not be opened because somebody holds it: a sharing violation on Windows, EWOULDBLOCK of flock on Linux (11) and
    /// macOS (35).
    /// </summary>
    public static bool IsHeld(IOException e) => e.HResult is unchecked((int)0x80070020) or 11 or 35;
}
