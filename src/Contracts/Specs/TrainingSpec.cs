using System.Text.Json.Serialization;

namespace VaeCluster.Contracts.Specs;

/// <summary>How long the run trains, and in what portions.</summary>
public sealed class TrainingSpec
{
    /// <summary>How many times each example is used.</summary>
    /// <value>Default 10.</value>
    public int Epochs { get; set; } = 10;

    /// <summary>Examples in one global batch, over all trainers together.</summary>
    /// <value>Default 128.</value>
    public int Batch { get; set; } = 128;

    /// <summary>
    /// Data shards: the parts of a batch that are computed apart and summed along a fixed tree. Part of the mathematics:
    /// the weights depend on it, and not on how many trainers share the shards.
    /// </summary>
    /// <value>Default 0, which means the power of two at or above <c>resources.trainers.max</c>, and 4 when that is not given.</value>
    public int Shards { get; set; }

    /// <summary>
    /// Batches that a trainer uses between two exchanges with the parameter server: each shard makes so many local steps from the published weights.
    /// Part of the mathematics.
    /// </summary>
    /// <value>Default 1: the gradient of every batch is exchanged.</value>
    public int LocalSteps { get; set; } = 1;

    /// <summary>What happens to a step whose gradient is not finite.</summary>
    /// <value>Default <see cref="NonFiniteAction.Fail"/>.</value>
    public NonFiniteAction NonFinite { get; set; } = NonFiniteAction.Fail;

    /// <summary>
    /// How gradients travel. Part of the mathematics: each shard's gradient is rounded as this says, wherever it is computed.
    /// </summary>
    /// <value>Default <see cref="CompressionKind.None"/>.</value>
    public CompressionKind Compression { get; set; } = CompressionKind.None;
}

/// <summary>How gradients travel.</summary>
public enum CompressionKind
{
    /// <summary>As float32.</summary>
    None,

    /// <summary>The upper 16 bits of a float32: a shard's value is rounded at random so that its mean stays, a sum to the nearest.</summary>
    Bf16,

    /// <summary>IEEE 754 half precision on scales that all shards share, rounded to the nearest.</summary>
    Fp16,

    /// <summary>Integers of 8 bits on scales that all shards share, rounded at random so that the mean stays; sums are exact.</summary>
    [JsonStringEnumMemberName("int8")]
    Integer8,
}

/// <summary>What happens to a step whose gradient is not finite.</summary>
public enum NonFiniteAction
{
    /// <summary>The run fails and names the step, the term and the shard.</summary>
    Fail,

    /// <summary>The step is left out and counted; the weights stay.</summary>
    Skip,
}
