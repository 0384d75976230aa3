using System.Buffers;
using System.Runtime.InteropServices;

namespace VaeCluster.Contracts.ParameterServer;

/// <summary>
/// The memory of one part of a flat vector, from a pool, counted by its owners. A step needs the same few megabytes as the step before; fresh ones
/// would cost page faults, caches and garbage collections. Whoever has a reference owns it until it calls <see cref="Release"/>; with the last one the
/// memory goes back to the pool. A message owns a reference too: what writes it to the wire releases it, or, inside a silo, the receiver does. A
/// reference that is lost with its message is never released, so its memory is collected and not used again. Safe to use from many threads.
/// </summary>
[Immutable]
public sealed class PartBuffer
{
    /// <summary>Bytes of the largest part: 1 MiB.</summary>
    public const int LengthMax = 1 << 20;

    private readonly byte[] _array;
    private readonly bool _isPooled;
    private int _owners = 1;

    private PartBuffer(byte[] array, int length, bool isPooled)
    {
        _array = array;
        _isPooled = isPooled;
        Length = length;
    }

    /// <summary>Bytes in the part.</summary>
    public int Length { get; }

    /// <summary>The bytes, little-endian float32. Nobody writes to them once somebody else has a reference.</summary>
    /// <exception cref="ObjectDisposedException">The last owner has released it.</exception>
    public Span<byte> Bytes => Memory.Span;

    /// <summary>The bytes, to be read later. Valid while a reference is owned.</summary>
    /// <exception cref="ObjectDisposedException">The last owner has released it.</exception>
    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _owners) == 0, this);
            return _array.AsMemory(0, Length);
        }
    }

    /// <summary>The values.</summary>
    /// <exception cref="ObjectDisposedException">The last owner has released it.</exception>
    public Span<float> Values => MemoryMarshal.Cast<byte, float>(Bytes);

    /// <summary>Whether the caller, who owns a reference, is the only owner.</summary>
    public bool IsExclusive => Volatile.Read(ref _owners) == 1;

    /// <summary>A buffer with one owner, the caller, and whatever contents.</summary>
    /// <param name="length">Bytes.</param>
    public static PartBuffer Rent(int length) => new(ArrayPool<byte>.Shared.Rent(length), length, isPooled: true);

    /// <summary>A buffer around an array that somebody else has made; it never goes to the pool.</summary>
    public static PartBuffer Wrap(byte[] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(array, array.Length, isPooled: false);
    }

    /// <summary>Adds an owner, unless the last one has gone.</summary>
    public bool TryRetain()
    {
        var owners = Volatile.Read(ref _owners);
        while (owners > 0)
        {
            var found = Interlocked.CompareExchange(ref _owners, owners + 1, owners);
            if (found == owners)
                return true;
            owners = found;
        }
        return false;
    }

    /// <summary>Adds an owner; the caller owns a reference already.</summary>
    /// <exception cref="ObjectDisposedException">The last owner has released it.</exception>
    public PartBuffer Retain()
    {
        ObjectDisposedException.ThrowIf(!TryRetain(), this);
        return this;
    }

    /// <summary>Gives the caller's reference up.</summary>
    /// <exception cref="ObjectDisposedException">There was none: the last owner has released it already.</exception>
    public void Release()
    {
        var left = Interlocked.Decrement(ref _owners);
        if (left < 0)
        {
            // Stays released, whatever else is done with it.
            Interlocked.Increment(ref _owners);
            throw new ObjectDisposedException(nameof(PartBuffer), "The last owner of the buffer has released it already.");
        }
        if (left == 0 && _isPooled)
            ArrayPool<byte>.Shared.Return(_array);
    }
}
