using System.Numerics.Tensors;

namespace VaeCluster.Parameters.Compression;

/// <summary>
/// The scales of one part of the flat vector as its gradients are encoded: one for each block of <see cref="BlockLength"/> values. A scale
/// is a step between two neighbouring integers; what is stored as 0 is not known.
/// </summary>
internal readonly ref struct ScaleBlocks
{
    /// <summary>Values that share a scale; a multiple of a group. Part of the mathematics of compressed runs.</summary>
    public const int BlockLength = 1024;

    private readonly ReadOnlySpan<float> _stored;
    private readonly float _largest;

    /// <summary>The scales of a part; none of them, or all of them 0, says that no gradient was seen yet.</summary>
    public ScaleBlocks(ReadOnlySpan<float> stored)
    {
        _stored = stored;
        _largest = stored.IsEmpty ? 0 : TensorPrimitives.Max(stored);
    }

    /// <summary>Whether there is a scale to encode on.</summary>
    public bool AreKnown => _largest > 0;

    /// <summary>
    /// The scale of a block. One whose gradient was always zero takes the largest of the part: coarse but unbiased, and only until it has
    /// one of its own.
    /// </summary>
    public float this[int block] => _stored[block] > 0 ? _stored[block] : _largest;

    /// <summary>Blocks of so many values.</summary>
    public static int CountOf(int values) => (values + BlockLength - 1) / BlockLength;
}
