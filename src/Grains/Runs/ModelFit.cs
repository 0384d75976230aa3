using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Plots;

namespace VaeCluster.Grains.Runs;

/// <summary>Whether a model can take the data that a run found, and whether what a step needs fits in memory. Asked before anything starts.</summary>
internal static class ModelFit
{
    /// <summary>Most values of one kind that a shard's step keeps on a device: 4 GiB of float32.</summary>
    private const long StepValuesMax = 1L << 30;

    /// <summary>What does not fit; empty when all does.</summary>
    public static IReadOnlyList<SpecError> Check(RunSpec spec, DataDescription data)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(data);
        return [.. Errors(spec, data)];
    }

    private static IEnumerable<SpecError> Errors(RunSpec spec, DataDescription data)
    {
        var kind = SpecKinds.ModelOf(spec);
        if (!kind.Accepts(data.Shape))
            yield return WrongShape(spec, kind, data);
        var batches = (data.TrainExamples + spec.Training.Batch - 1) / spec.Training.Batch;
        if (spec.Training.LocalSteps > batches)
            yield return new(
                "training.localSteps",
                $"training.localSteps is {spec.Training.LocalSteps}, and {data.TrainExamples} examples in batches of {spec.Training.Batch} "
                    + $"(training.batch) make {batches} batches an epoch; the weights are exchanged at the end of every epoch, so a step "
                    + "takes no more batches than that.",
                $"Set training.localSteps to {batches} or less, or lower training.batch.");
        long rows = (spec.Training.Batch + spec.Training.Shards - 1) / spec.Training.Shards;
        var values = rows * spec.Objective.Samples * Math.Max(spec.Model.Latent!.Value, kind.LargestLayer(spec.Model, data.Shape));
        if (values > StepValuesMax)
            yield return new(
                "objective.samples",
                $"training.batch is {spec.Training.Batch} over {spec.Training.Shards} shards and objective.samples is "
                    + $"{spec.Objective.Samples}, so a shard decodes {rows * spec.Objective.Samples} images at once, about {values * 4 >> 20} "
                    + $"MiB a layer; at most {StepValuesMax * 4 >> 20} MiB are allowed.",
                "Ask for a smaller batch, more shards or fewer samples.");
        if (kind.Accepts(data.Shape) && ModelLayout.Of(spec, data).PartCount is var parts && spec.Resources.ParameterServers > parts)
            yield return new(
                "resources.parameterServers",
                $"resources.parameterServers is {spec.Resources.ParameterServers}, and the weights of model.kind {kind.Name} travel in "
                    + $"{parts} parts of at most 1 MiB; a parameter server owns at least one.",
                $"Set it to {parts} or less, or to 0.");
        var valuesShown = (long)spec.Logging.GridSide * spec.Logging.GridSide * data.Dimensions;
        if (valuesShown > ImageGrid.ValuesMax)
            yield return new(
                "logging.gridSide",
                $"logging.gridSide is {spec.Logging.GridSide}, so an image grid has {spec.Logging.GridSide * spec.Logging.GridSide} images "
                    + $"of {data.Channels}x{data.Height}x{data.Width}, {valuesShown} values; one grid has at most {ImageGrid.ValuesMax}.",
                $"Set it to {(int)Math.Sqrt(ImageGrid.ValuesMax / data.Dimensions)} or less.");
    }

    private static SpecError WrongShape(RunSpec spec, ModelKind kind, DataDescription data)
    {
        var other = SpecKinds.SourceOf(spec.Data).IsResizable ? $"set {kind.ShapeSettings}" : "data of that shape";
        return new(
            "model.kind",
            $"model.kind is {kind.Name}, which {kind.ShapeRule}, and the data's are {data.Shape}.",
            $"Choose a model of any size such as mlp, or {other}.");
    }
}
