using VaeCluster.Contracts.Runs;

namespace VaeCluster.Contracts.ParameterServer;

/// <summary>What a partition is to serve: the values come in pieces.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.PartitionStart")]
public sealed record PartitionStart
{
    /// <summary>The run, its spec and its data.</summary>
    [Id(0)] public required RunPlan Plan { get; init; }

    /// <summary>The session of the parameter server; another one replaces it.</summary>
    [Id(1)] public required string Session { get; init; }

    /// <summary>The key of the parameter server.</summary>
    [Id(2)] public required string Server { get; init; }

    /// <summary>Which range of the flat vector, counted from 0.</summary>
    [Id(3)] public required int Range { get; init; }

    /// <summary>How many ranges the vector has, that of the parameter server included.</summary>
    [Id(4)] public required int RangeCount { get; init; }

    /// <summary>Steps applied.</summary>
    [Id(5)] public required long Step { get; init; }

    /// <summary>Updates made: the steps without those that were skipped.</summary>
    [Id(6)] public required long Updates { get; init; }

    /// <summary>How many pieces the values come in.</summary>
    [Id(7)] public required int PieceCount { get; init; }
}

/// <summary>A partition's state without its values.</summary>
/// <param name="Updates">Updates made: the steps without those that were skipped.</param>
/// <param name="PieceCount">How many pieces the values come in.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.PartitionState")]
public sealed record PartitionState([property: Id(0)] long Updates, [property: Id(1)] int PieceCount);
