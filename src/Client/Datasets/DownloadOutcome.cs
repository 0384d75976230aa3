namespace VaeCluster.Client.Datasets;

/// <summary>How a file came to be where it is.</summary>
internal enum DownloadOutcome
{
    /// <summary>It was there.</summary>
    Present,

    /// <summary>All of it was fetched.</summary>
    Fetched,

    /// <summary>A part of it was there, and the rest was fetched.</summary>
    Resumed,
}
