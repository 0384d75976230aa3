using VaeCluster.Contracts.Architectures;

namespace VaeCluster.Contracts.Runs;

/// <summary>What everybody who computes a part of a run must agree on.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.RunPlan")]
public sealed record RunPlan
{
    /// <summary>The run.</summary>
    [Id(0)] public required string RunId { get; init; }

    /// <summary>Its complete spec, as JSON.</summary>
    [Id(1)] public required string SpecJson { get; init; }

    /// <summary>What the data are.</summary>
    [Id(2)] public required DataDescription Data { get; init; }

    /// <summary>The checkpoint of another run that this one goes on from; null when it begins at step 0.</summary>
    [Id(3)] public RunOrigin? Origin { get; init; }
}

/// <summary>A checkpoint of another run. The run that goes on from it keeps a copy.</summary>
/// <param name="RunId">The other run.</param>
/// <param name="Step">The step of the checkpoint, which is the first run's last and the second's beginning.</param>
/// <param name="WeightsSha256">SHA-256 of its weights, lower-case hexadecimal.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.RunOrigin")]
public sealed record RunOrigin(
    [property: Id(0)] string RunId,
    [property: Id(1)] long Step,
    [property: Id(2)] string WeightsSha256);

/// <summary>What the data of a run are, as found when it was submitted.</summary>
/// <param name="Channels">Channels of an image: 1 or 3.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="TrainExamples">Examples that train.</param>
/// <param name="TestExamples">Examples held out.</param>
/// <param name="Sha256">Hash of the pixels, lower-case hexadecimal. A trainer that reads other pixels refuses to start.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.DataDescription")]
public sealed record DataDescription(
    [property: Id(0)] int Channels,
    [property: Id(1)] int Height,
    [property: Id(2)] int Width,
    [property: Id(3)] int TrainExamples,
    [property: Id(4)] int TestExamples,
    [property: Id(5)] string Sha256)
{
    /// <summary>Values in one example.</summary>
    public int Dimensions => Channels * Height * Width;

    /// <summary>The shape of one example.</summary>
    public ExampleShape Shape => new(Channels, Height, Width);
}
