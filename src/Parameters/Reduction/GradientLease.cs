using System.Collections;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Reduction;

/// <summary>
/// The gradient blocks of one step, part by part of the flat vector, and the one owner of their buffers. A call inside a silo sends a buffer by
/// reference, so it must not be used again before the call is answered: whoever sends a block counts as its reader until then, and buffers go back to the
/// pool only when no reader is left. For one thread, or one grain's turns, at a time.
/// </summary>
public sealed class GradientLease : IReadOnlyList<IReadOnlyList<GradientBlock>>
{
    private readonly BufferPool _pool;
    private readonly IReadOnlyList<IReadOnlyList<GradientBlock>> _parts;
    private int _readers;
    private bool _isAbandoned;
    private bool _isReturned;

    /// <summary>Owns the buffers of some blocks.</summary>
    /// <param name="step">The step whose weights they were computed with.</param>
    /// <param name="parts">For each part of the flat vector, its blocks.</param>
    /// <param name="pool">Where the buffers came from.</param>
    public GradientLease(long step, IReadOnlyList<IReadOnlyList<GradientBlock>> parts, BufferPool pool)
    {
        Step = step;
        _parts = parts;
        _pool = pool;
    }

    /// <summary>The step whose weights they were computed with.</summary>
    public long Step { get; }

    /// <summary>Parts of the flat vector.</summary>
    public int Count => _parts.Count;

    /// <summary>Whether the buffers may go back: every reader has ended.</summary>
    public bool IsFree => _readers == 0 && !_isReturned;

    /// <summary>The blocks of a part.</summary>
    public IReadOnlyList<GradientBlock> this[int index] => _parts[index];

    /// <summary>A call begins that refers to one of the buffers.</summary>
    /// <exception cref="InvalidOperationException">The buffers were returned already.</exception>
    public void BeginRead()
    {
        if (_isReturned)
            throw new InvalidOperationException($"The gradient buffers of step {Step} were returned to the pool and must not be sent.");
        _readers++;
    }

    /// <summary>A call was answered. One that was lost is never answered: its buffers stay with whoever may still read them.</summary>
    /// <param name="isStillInUse">Whether the other side still refers to the buffer; then none of them is used again.</param>
    public void EndRead(bool isStillInUse)
    {
        _readers--;
        _isAbandoned |= isStillInUse;
    }

    /// <summary>Returns the buffers to the pool, or leaves them to the garbage collector where the other side still refers to one.</summary>
    /// <exception cref="InvalidOperationException">A call that refers to them is not answered yet, or they were returned already.</exception>
    public void Return()
    {
        if (!IsFree)
        {
            throw new InvalidOperationException(_isReturned
                ? $"The gradient buffers of step {Step} were returned to the pool already."
                : $"{_readers} calls still read the gradient buffers of step {Step}; they can be used again only when each is answered.");
        }
        _isReturned = true;
        if (_isAbandoned)
            return;
        foreach (var block in _parts.SelectMany(part => part))
            _pool.Return(block.Payload);
    }

    /// <inheritdoc/>
    public IEnumerator<IReadOnlyList<GradientBlock>> GetEnumerator() => _parts.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
