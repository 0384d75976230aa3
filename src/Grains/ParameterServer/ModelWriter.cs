using System.Globalization;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Store;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>Writes the weights of a run as a model file.</summary>
internal static class ModelWriter
{
    /// <summary>Writes the weights that are published now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="plan">The run.</param>
    /// <param name="store">The last range.</param>
    /// <param name="others">The states of the ranges before it, in order.</param>
    /// <exception cref="IOException">The data directory is not writable.</exception>
    public static SavedModel Write(string path, RunPlan plan, ParameterStore store, IReadOnlyList<TrainingState> others)
    {
        using var weights = store.AcquireWeights();
        byte[][] parts = [.. others.SelectMany(state => state.Weights), .. weights.ToArrays()];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        SafetensorsFile.Write(path, store.Layout, parts, new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["vaecluster.run"] = plan.RunId,
            ["vaecluster.step"] = weights.Step.ToString(CultureInfo.InvariantCulture),
            ["vaecluster.spec"] = plan.SpecJson,
        });
        return new SavedModel(path, SafetensorsFile.Sha256(parts));
    }
}
