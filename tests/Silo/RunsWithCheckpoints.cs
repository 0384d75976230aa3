using System.Runtime.InteropServices;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Silo.Tests;

/// <summary>Runs that wait for devices, with checkpoints as a run that trains leaves them; their weights differ.</summary>
internal static class RunsWithCheckpoints
{
    public static async Task<string> SubmitWithCheckpointsAsync(this SiloFixture silo, string name, long[] steps, params string[] settings)
    {
        var run = await silo.SubmitAsync(name, settings);
        var spec = RunSpecReader.ReadCanonical(run.Spec);
        var layout = ModelLayout.Of(spec, DataSources.Open(spec.Data).Describe(spec.Data));
        foreach (var step in steps)
        {
            var folder = Directory.CreateDirectory(Path.Combine(silo.RunFolder(run.RunId), "checkpoints", $"{step}")).FullName;
            byte[][] weights = [.. MemoryMarshal.AsBytes<float>(WeightInitializer.Initialize(layout, step)).ToArray().Chunk(sizeof(float) * ParameterLayout.PartLengthMax)];
            SafetensorsFile.Write(Path.Combine(folder, "model.safetensors"), layout, weights, new Dictionary<string, string>());
            await File.WriteAllTextAsync(Path.Combine(folder, "state.json"), $$"""{ "formatVersion": 1, "weightsSha256": "{{SafetensorsFile.Sha256(weights)}}" }""", TestContext.Current.CancellationToken);
        }
        return run.RunId;
    }
}
