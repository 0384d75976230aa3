namespace VaeCluster.Silo.Services;

/// <summary>How much a caller may ask of a silo's API. Each has an error of its own, and a row in docs/limits.md.</summary>
internal static class ApiLimits
{
    /// <summary>Bytes of a request: a spec with every override it may have takes a fraction.</summary>
    public const int RequestBytesMax = 1 << 20;

    /// <summary>Characters of an error's text: it travels in a header, and clients refuse long ones.</summary>
    public const int ErrorLengthMax = 4096;

    /// <summary>Runs of a page where the caller does not say.</summary>
    public const int DefaultPageSize = 100;

    /// <summary>Runs of a page.</summary>
    public const int PageSizeMax = 200;

    /// <summary>Files of a run that are listed.</summary>
    public const int ArtifactsMax = 20_000;

    /// <summary>Streams that a silo serves at once: watched runs, followed logs, downloads, evaluations, plots, health and reflection.</summary>
    public const int StreamsMax = 256;

    /// <summary>Connections to each of the API and HTTP ports together.</summary>
    public const int ConnectionsMax = 1024;

    /// <summary>How long calls may go on once a silo is asked to stop.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);
}
