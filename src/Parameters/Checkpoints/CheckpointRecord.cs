using System.Globalization;
using System.Text.Json;
using VaeCluster.Contracts;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Parameters.Checkpoints;

/// <summary><c>state.json</c> of a checkpoint: what the tensors beside it do not say.</summary>
internal sealed record CheckpointRecord
{
    /// <summary>The version of the checkpoint's files that this build writes and reads.</summary>
    public const int CurrentVersion = 1;

    private const string FileName = "state.json";

    public required int FormatVersion { get; init; }

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

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, JsonForms.Document);

    /// <exception cref="FormatVersionException">The file is of another version of the format, or of none.</exception>
    public static CheckpointRecord Read(ReadOnlySpan<byte> json)
    {
        CheckVersion(json);
        return JsonSerializer.Deserialize<CheckpointRecord>(json, JsonForms.Document) ?? throw new JsonException("The file holds null.");
    }

    /// <summary>The weights' hash alone: who only looks at a checkpoint does not need its records, which may be many.</summary>
    /// <exception cref="FormatVersionException">The file is of another version of the format, or of none.</exception>
    public static string ReadWeightsSha256(ReadOnlySpan<byte> json) =>
        CheckVersion(json).WeightsSha256 ?? throw new JsonException("The file holds no hash of the weights.");

    private static Claim CheckVersion(ReadOnlySpan<byte> json)
    {
        var claim = JsonSerializer.Deserialize<Claim>(json, JsonForms.Document) ?? throw new JsonException("The file holds null.");
        FormatVersionException.ThrowUnless(FileName, claim.FormatVersion?.ToString(CultureInfo.InvariantCulture), CurrentVersion);
        return claim;
    }

    private sealed record Claim(int? FormatVersion, string? WeightsSha256);
}
