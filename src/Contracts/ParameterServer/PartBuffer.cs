using System.Buffers;
using System.Runtime.InteropServices;

namespace VaeCluster.Contracts.ParameterServer;

/// <summary>
/// A reference to the memory of one part of a flat vector. A step needs the same few megabytes as the step before; fresh ones would cost page faults,
/// caches and garbage collections, so the memory comes from a pool and goes back when its last reference is released. Each owner has a reference of its
/// own, which ends once: whoever uses it afterwards gets an exception, never other values. A message owns one too: what writes it to the wire releases
/// it, or, inside a silo, the receiver does. One that is lost with its message is never released, so its memory is collected and not used again. Safe to
/// use from many threads.
/// </summary>
[Immutable]
public sealed class PartBuffer
{
    /// <summary>Bytes of the largest part: 1 MiB.</summary>
    public const int LengthMax = 1 << 20;

    private readonly Block _block;
    private bool _isReleased;

    private PartBuffer(Block block) => _block = block;

    /// <summary>Bytes in the part.</summary>
    public int Length => _block.Length;

    /// <summary>The bytes, little-endian float32. Nobody writes to them once somebody else has a reference.</summary>
    /// <exception cref="ObjectDisposedException">The reference was released.</exception>
    public Span<byte> Bytes => Memory.Span;

    /// <summary>The bytes, to be read later. Valid until the reference is released.</summary>
    /// <exception cref="ObjectDisposedException">The reference was released.</exception>
    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isReleased), this);
            return _block.Array.AsMemory(0, _block.Length);
        }
    }

    /// <summary>The values.</summary>
    /// <exception cref="ObjectDisposedException">The reference was released.</exception>
    public Span<float> Values => MemoryMarshal.Cast<byte, float>(Bytes);

    /// <summary>Whether this is the only reference to its memory.</summary>
    public bool IsExclusive => Volatile.Read(ref _block.References) == 1;

    /// <summary>A reference to memory with whatever contents.</summary>
    /// <param name="length">Bytes.</param>
    public static PartBuffer Rent(int length) => new(new Block(ArrayPool<byte>.Shared.Rent(length), length, isPooled: true));

    /// <summary>A reference to an array that somebody else has made; it never goes to the pool.</summary>
    public static PartBuffer Wrap(byte[] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(new Block(array, array.Length, isPooled: false));
    }

    /// <summary>Another reference to the same memory, for another owner.</summary>
    /// <exception cref="ObjectDisposedException">This reference was released.</exception>
    public PartBuffer Retain() => TryRetain() ?? throw new ObjectDisposedException(nameof(PartBuffer), "The reference to the buffer was released already.");

    /// <summary>The same; null where this reference was released, as its owner may do at any time.</summary>
    public PartBuffer? TryRetain()
    {
        for (var references = Volatile.Read(ref _block.References); references > 0 && !Volatile.Read(ref _isReleased);)
        {
            var found = Interlocked.CompareExchange(ref _block.References, references + 1, references);
            if (found == references)
                return new PartBuffer(_block);
            references = found;
        }
        return null;
    }

    /// <summary>Ends the reference.</summary>
    /// <exception cref="ObjectDisposedException">It was released already.</exception>
    public void Release()
    {
        if (Interlocked.Exchange(ref _isReleased, true))
            throw new ObjectDisposedException(nameof(PartBuffer), "The reference to the buffer was released already.");
        if (Interlocked.Decrement(ref _block.References) == 0 && _block.IsPooled)
            ArrayPool<byte>.Shared.Return(_block.Array);
    }

    private sealed class Block(byte[] array, int length, bool isPooled)
    {
        /// <summary>References that are not released; at 0 the memory belongs to the pool again.</summary>
        public int References = 1;

        public byte[] Array { get; } = array;

        public int Length { get; } = length;

        public bool IsPooled { get; } = isPooled;
    }
}
