namespace VaeCluster.Data;

/// <summary>Where the values of a dataset lie: row after row, one row per example. Safe to read from many threads at once.</summary>
public abstract class PixelStore
{
    private readonly Lazy<string> _sha256;

    /// <summary>For derived stores.</summary>
    protected PixelStore() => _sha256 = new(ComputeSha256);

    /// <summary>Values in all rows together.</summary>
    public abstract long Length { get; }

    /// <summary>Bytes of memory that the values take.</summary>
    /// <value>Default 0, as for a mapped file, whose memory is the system's.</value>
    public virtual long MemoryBytes => 0;

    /// <summary>SHA-256 of the values as they are stored, lower-case hexadecimal; computed once.</summary>
    public string Sha256 => _sha256.Value;

    /// <summary>Writes consecutive values as floats in [0, 1].</summary>
    /// <param name="start">The first value.</param>
    /// <param name="destination">Takes as many as it has room for.</param>
    public abstract void CopyTo(long start, Span<float> destination);

    /// <summary>Computes what <see cref="Sha256"/> keeps.</summary>
    protected abstract string ComputeSha256();
}
