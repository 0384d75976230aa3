using System.Text.Json;

namespace VaeCluster.Tests.Parameters.Optimizers;

/// <summary>What PyTorch's optimizers make of some gradients; Golden/make_optimizers.py wrote it.</summary>
internal sealed record GoldenTrajectories(float[] Initial, float[][] Gradients, Dictionary<string, float[][]> Trajectories)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    public static GoldenTrajectories Read() =>
        JsonSerializer.Deserialize<GoldenTrajectories>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "optimizers.json")), Options)!;
}
