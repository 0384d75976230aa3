namespace VaeCluster.Data;

/// <summary>
/// The part of the memory for data that one data set takes. Given back when it is disposed of; where nobody does that, when the data set is garbage.
/// </summary>
internal sealed class DataReservation(DataMemory memory) : IDisposable
{
    private long _bytes;

    /// <summary>Gives the part back, where it was not disposed of.</summary>
    ~DataReservation() => Return();

    /// <summary>What is reserved.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Adds to it.</summary>
    /// <param name="path">The field to blame.</param>
    /// <param name="what">What the memory is for.</param>
    /// <param name="bytes">How many.</param>
    /// <exception cref="DataException">It does not fit.</exception>
    public void Add(string path, string what, long bytes)
    {
        memory.Take(path, what, bytes);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Return();
        GC.SuppressFinalize(this);
    }

    private void Return() => memory.Return(Interlocked.Exchange(ref _bytes, 0));
}
