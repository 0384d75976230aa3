using System.Globalization;

namespace VaeCluster.Parameters.Checkpoints;

/// <summary>What anybody may know of a run's checkpoints who only looks at them.</summary>
public sealed partial class CheckpointFolder
{
    /// <summary>The steps of which there is a checkpoint in a folder, which need not exist, newest first. What is half done has no step's name.</summary>
    public static IReadOnlyList<long> StepsIn(string path) => !Directory.Exists(path) ? [] :
    [
        .. Directory.EnumerateDirectories(path)
            .Select(folder => long.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1)
            .Where(step => step >= 0)
            .OrderDescending(),
    ];

    /// <summary>The file of the weights of a step, which need not exist.</summary>
    public static string ModelOf(string path, long step) => Path.Combine(FolderOf(path, step), Model);

    /// <summary>SHA-256 of the flat vector of a step's weights, as lower-case hexadecimal, as the checkpoint states it.</summary>
    /// <exception cref="IOException">There is no such checkpoint, or it cannot be read.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is damaged.</exception>
    public static string WeightsSha256Of(string path, long step) =>
        CheckpointRecord.ReadWeightsSha256(File.ReadAllBytes(Path.Combine(FolderOf(path, step), State)));

    private static string FolderOf(string path, long step) => Path.Combine(path, step.ToString(CultureInfo.InvariantCulture));
}
