using System.Text.Json;
using System.Text.Json.Serialization;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Parameters.Checkpoints;

/// <summary><c>state.json</c> of a checkpoint: what the tensors beside it do not say.</summary>
internal sealed record CheckpointRecord
{
    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    /// <summary>Of this layout of a checkpoint.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    public required long Step { get; init; }

    public required long Updates { get; init; }

    /// <summary>The epoch of the next step, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Steps of that epoch that were applied.</summary>
    public required long StepInEpoch { get; init; }

    /// <summary>SHA-256 of the flat vector of weights.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>The run, its spec and its data.</summary>
    public required RunPlan Plan { get; init; }

    /// <summary>Records of steps that the run had not written down yet, oldest first.</summary>
    public required IReadOnlyList<StepRecord> Records { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, JsonOptions);

    public static CheckpointRecord Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<CheckpointRecord>(json, JsonOptions) ?? throw new JsonException("The file holds null.");

    /// <summary>The weights' hash alone: who only looks at a checkpoint does not need its records, which may be many.</summary>
    public static string ReadWeightsSha256(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<Claim>(json, JsonOptions)?.WeightsSha256 ?? throw new JsonException("The file holds no hash of the weights.");

    private sealed record Claim(string? WeightsSha256);
}
