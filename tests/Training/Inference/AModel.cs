using System.Runtime.InteropServices;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;
using VaeCluster.Training.Inference;

namespace VaeCluster.Tests.Training.Inference;

/// <summary>Weights on the disk of a run that is not trained: enough to put to use.</summary>
internal static class AModel
{
    public static readonly string[] Spec = ["data.count=60", "data.imageSize=8", "data.test=20", "model.hidden=[16]", "model.latent=3", "training.batch=10"];

    public static ModelSource WriteTo(TemporaryFolder folder, params string[] assignments)
    {
        var spec = ASpec.With([.. Spec, .. assignments]);
        var plan = new RunPlan { RunId = "tested-1", SpecJson = RunSpecReader.Write(spec), Data = DataSources.Open(spec.Data).Describe(spec.Data) };
        var layout = ModelLayout.Of(spec, plan.Data);
        byte[][] weights = [.. MemoryMarshal.AsBytes<float>(WeightInitializer.Initialize(layout, spec.Seed)).ToArray().Chunk(sizeof(float) * ParameterLayout.PartLengthMax)];
        var path = Path.Combine(folder.Path, "model.safetensors");
        SafetensorsFile.Write(path, layout, weights, new Dictionary<string, string>());
        return new ModelSource(plan, 7, path, SafetensorsFile.Sha256(weights));
    }

    public static Task<T> AskAsync<T>(this InferenceWorker worker, ModelSource source, Func<TrainedModel, T> work) =>
        worker.UseAsync(source, work, TestContext.Current.CancellationToken);
}
