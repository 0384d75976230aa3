using System.Collections.Immutable;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Contracts.ParameterServer;

/// <summary>A parameter server's training state without its values, which come in pieces.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.StandbyState")]
public sealed record StandbyState
{
    /// <summary>The run, its spec and its data.</summary>
    [Id(0)] public required RunPlan Plan { get; init; }

    /// <summary>Steps applied.</summary>
    [Id(1)] public required long Step { get; init; }

    /// <summary>Updates made: the steps without those that were skipped.</summary>
    [Id(2)] public required long Updates { get; init; }

    /// <summary>What was measured of the steps that are not written down yet.</summary>
    [Id(3)] public required ImmutableArray<StepRecord> Records { get; init; }

    /// <summary>How many pieces the values come in.</summary>
    [Id(4)] public required int PieceCount { get; init; }
}

/// <summary>A piece of the weights or of the optimizer's state, as little-endian float32.</summary>
/// <param name="Index">Which piece, counted from 0: first the weights, then each kind of state of the optimizer.</param>
/// <param name="Payload">At most 1 MiB.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.StatePiece")]
public sealed record StatePiece(
    [property: Id(0)] int Index,
    [property: Id(1)] byte[] Payload);

/// <summary>The answer of a standby to a gradient.</summary>
/// <param name="Outcome">What became of it there.</param>
/// <param name="Step">Steps that the standby has applied.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.StandbyAnswer")]
public sealed record StandbyAnswer(
    [property: Id(0)] PushOutcome Outcome,
    [property: Id(1)] long Step);
