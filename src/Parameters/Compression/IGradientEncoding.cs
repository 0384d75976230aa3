namespace VaeCluster.Parameters.Compression;

/// <summary>
/// One way in which the gradients of a part lie in a payload. What a node of the reduction tree holds is a pure function of its shards'
/// gradients, their scales and the noise that rounds them, so a sum is the same bytes wherever it is made. Instances keep nothing and are
/// safe to use from many threads.
/// </summary>
internal interface IGradientEncoding
{
    /// <summary>Whether values are encoded on scales of the step before; without them they travel as float32.</summary>
    bool NeedsScales { get; }

    /// <summary>Bytes that the gradients of a node take.</summary>
    /// <param name="count">Values.</param>
    /// <param name="shardCount">Shards of the node: a power of two.</param>
    int LengthOf(int count, int shardCount);

    /// <summary>Encodes the gradient of one shard.</summary>
    /// <param name="values">The gradient.</param>
    /// <param name="scales">The scales of its blocks.</param>
    /// <param name="noise">Decides which way each value is rounded.</param>
    /// <param name="payload">Receives <see cref="LengthOf"/> bytes.</param>
    void Encode(ReadOnlySpan<float> values, ScaleBlocks scales, RoundingNoise noise, Span<byte> payload);

    /// <summary>Adds two siblings.</summary>
    /// <param name="count">Values.</param>
    /// <param name="shardCount">Shards of each of the two.</param>
    /// <param name="lower">The lower half.</param>
    /// <param name="upper">The upper half.</param>
    /// <param name="sum">Receives the sum; it may be the memory of <paramref name="lower"/> where a sum takes as many bytes.</param>
    void Add(int count, int shardCount, ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper, Span<byte> sum);

    /// <summary>Decodes a node into float32. A gradient that was not finite in any shard has a value that is not finite.</summary>
    /// <param name="payload">The node's bytes.</param>
    /// <param name="shardCount">Shards of the node.</param>
    /// <param name="scales">The scales that its shards were encoded on.</param>
    /// <param name="values">Receives the gradient.</param>
    void Decode(ReadOnlySpan<byte> payload, int shardCount, ScaleBlocks scales, Span<float> values);
}
