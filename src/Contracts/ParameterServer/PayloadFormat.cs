namespace VaeCluster.Contracts.ParameterServer;

/// <summary>How the gradient of a block lies in its payload.</summary>
public enum GradientEncoding
{
    /// <summary>Little-endian float32, one after the other.</summary>
    Plain,

    /// <summary>The upper half of a float32.</summary>
    BFloat16,

    /// <summary>IEEE 754 half precision, of values that a power of two was multiplied to.</summary>
    Float16,

    /// <summary>Integers on scales that all shards share: 8 bits a shard's value, one bit more with each level of the tree.</summary>
    Integer8,
}

/// <summary>
/// What a payload holds: the buffers of the part as float32, and then its gradients in an encoding. With float32 everything is alike, and
/// the counts are 0.
/// </summary>
/// <param name="Encoding">How the gradients are encoded.</param>
/// <param name="Gradients">Values that are encoded.</param>
/// <param name="Buffers">Values of running statistics, which stay float32.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.PayloadFormat")]
public readonly record struct PayloadFormat(
    [property: Id(0)] GradientEncoding Encoding,
    [property: Id(1)] int Gradients,
    [property: Id(2)] int Buffers);
