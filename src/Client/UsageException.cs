namespace VaeCluster.Client;

/// <summary>The command line asks for something that cannot be; the message says what, and what to do.</summary>
internal sealed class UsageException : Exception
{
    public UsageException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
