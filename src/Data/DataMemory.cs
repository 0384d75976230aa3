namespace VaeCluster.Data;

/// <summary>
/// The memory that data may take on a silo, shared by all that open data there: submissions, trainers, and models in use. What does not fit is refused before
/// it is read. Safe to use from many threads at once.
/// </summary>
public sealed class DataMemory
{
    private readonly Lock _lock = new();
    private long _usedBytes;

    /// <summary>A budget.</summary>
    /// <param name="budgetBytes">Bytes of all data together; <see cref="DefaultBytes"/> when left out.</param>
    public DataMemory(long? budgetBytes = null) => BudgetBytes = budgetBytes ?? DefaultBytes;

    /// <summary>Three quarters of the memory that this process may have: of its container's, where that is bounded.</summary>
    public static long DefaultBytes => (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * DataLimits.DefaultMemoryShare);

    /// <summary>Bytes of all data together.</summary>
    public long BudgetBytes { get; }

    /// <summary>Bytes that are reserved now.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_lock)
                return _usedBytes;
        }
    }

    /// <summary>Takes a part of the budget.</summary>
    /// <exception cref="DataException">It does not fit; the message has the numbers.</exception>
    internal void Take(string path, string what, long bytes)
    {
        lock (_lock)
        {
            if (bytes > BudgetBytes - _usedBytes)
                throw new DataException(
                    path,
                    $"{what} takes {bytes} bytes in memory; data may take {BudgetBytes} bytes on this silo, and {_usedBytes} of them are in use.",
                    "Use fewer or smaller examples, wait until other runs have ended, or start the silo with a larger --data-memory.");
            _usedBytes += bytes;
        }
    }

    /// <summary>Gives a part back.</summary>
    internal void Return(long bytes)
    {
        lock (_lock)
            _usedBytes -= bytes;
    }
}
