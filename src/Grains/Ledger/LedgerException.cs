namespace VaeCluster.Grains.Ledger;

/// <summary>The ledger on disk contradicts what the run computes, or cannot be continued. Its message says which line, and what to do.</summary>
public sealed class LedgerException : Exception
{
    /// <summary>With a sentence for people.</summary>
    public LedgerException(string message)
        : base(message)
    {
    }

    /// <summary>With what led to it.</summary>
    public LedgerException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
