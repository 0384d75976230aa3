namespace VaeCluster.Client.Datasets;

/// <summary>A file could not be fetched; the message says which, what happened, and what to do.</summary>
internal sealed class DownloadException : Exception
{
    public DownloadException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
