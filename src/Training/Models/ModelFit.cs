using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Plots;

namespace VaeCluster.Training.Models;

/// <summary>Whether a model can take the data that a run found, and whether what a step needs fits in memory. Asked before anything starts.</summary>
public static class ModelFit
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
        var (kind, shape) = (spec.Model.Kind, (data.Channels, data.Height, data.Width));
        if (kind == ModelKind.Conv28 && shape != (1, 28, 28))
            yield return Wrong(spec, data, "takes images of 1x28x28", "data.imageSize to 28 and data.channels to 1");
        if (kind == ModelKind.Conv64 && shape != (3, 64, 64))
            yield return Wrong(spec, data, "takes images of 3x64x64", "data.imageSize to 64 and data.channels to 3");
        if (kind == ModelKind.Vq && (data.Height % 4 != 0 || data.Width % 4 != 0))
            yield return Wrong(spec, data, "takes images whose height and width are multiples of 4", "data.imageSize to such a multiple");
        long rows = (spec.Training.Batch + spec.Training.Shards - 1) / spec.Training.Shards;
        var values = rows * spec.Objective.Samples * ValuesAnExample(spec, data);
        if (values > StepValuesMax)
            yield return new(
                "objective.samples",
                $"training.batch is {spec.Training.Batch} over {spec.Training.Shards} shards and objective.samples is {spec.Objective.Samples}, so a shard decodes {rows * spec.Objective.Samples} images at once, about {values * 4 >> 20} MiB a layer; at most {StepValuesMax * 4 >> 20} MiB are allowed.",
                "Ask for a smaller batch, more shards or fewer samples.");
        var valuesShown = (long)spec.Logging.GridSide * spec.Logging.GridSide * data.Dimensions;
        if (valuesShown > ImageGrid.ValuesMax)
            yield return new(
                "logging.gridSide",
                $"logging.gridSide is {spec.Logging.GridSide}, so an image grid has {spec.Logging.GridSide * spec.Logging.GridSide} images of {data.Channels}x{data.Height}x{data.Width}, {valuesShown} values; one grid has at most {ImageGrid.ValuesMax}.",
                $"Set it to {(int)Math.Sqrt(ImageGrid.ValuesMax / data.Dimensions)} or less.");
    }

    /// <summary>Values in the largest of a decoder's layers, for one draw, or in the draw itself where that is more.</summary>
    private static long ValuesAnExample(RunSpec spec, DataDescription data) => Math.Max(spec.Model.Latent!.Value, spec.Model.Kind switch
    {
        ModelKind.Conv28 => 32 * 14 * 14,
        ModelKind.Conv64 => 32 * 64 * 64,
        ModelKind.Vq => spec.Model.Hidden![0] * data.Height * data.Width / 4L,
        _ => Math.Max(data.Dimensions, spec.Model.Hidden!.Max()),
    });

    private static SpecError Wrong(RunSpec spec, DataDescription data, string rule, string sized)
    {
        // These two make images of any size.
        var other = spec.Data.Source is DataSourceKind.Shapes or DataSourceKind.Images ? $"set {sized}" : "data of that shape";
        return new(
            "model.kind",
            $"model.kind is {SpecNames.Of(spec.Model.Kind)}, which {rule}, and the data's are {data.Channels}x{data.Height}x{data.Width}.",
            $"Choose a model of any size such as mlp, or {other}.");
    }
}
