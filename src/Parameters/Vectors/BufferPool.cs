using System.Collections.Concurrent;

namespace VaeCluster.Parameters.Vectors;

/// <summary>
/// Large arrays of one run that are used again, step after step: a fresh one costs a page fault every four kilobytes and, soon, a
/// garbage collection. Whoever returns an array promises that nobody reads it any more. Safe to use from many threads.
/// </summary>
public sealed class BufferPool
{
    /// <summary>Arrays of one length that are kept; what comes back beyond that is left to the garbage collector.</summary>
    private const int KeptMax = 64;

    private readonly ConcurrentDictionary<int, ConcurrentBag<byte[]>> _free = new();

    /// <summary>An array of exactly this length with whatever contents.</summary>
    public byte[] Rent(int length) =>
        _free.TryGetValue(length, out var bag) && bag.TryTake(out var array) ? array : GC.AllocateUninitializedArray<byte>(length);

    /// <summary>Takes an array back.</summary>
    public void Return(byte[] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        var bag = _free.GetOrAdd(array.Length, _ => []);
        if (bag.Count < KeptMax)
            bag.Add(array);
    }
}
