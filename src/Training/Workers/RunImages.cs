using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Plots;

namespace VaeCluster.Training.Workers;

/// <summary>The images that show the training state of a replica.</summary>
internal static class RunImages
{
    public static RenderedImage Render(TrainingReplica replica, ImageKind kind, int side, DataDescription data) => kind switch
    {
        ImageKind.Samples => new("samples.png", ImageGrid.RenderPng(replica.Sample(side * side), data, side)),
        ImageKind.Reconstructions => new("reconstructions.png", Reconstructions(replica, side, data)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such image."),
    };

    /// <summary>Rows in pairs: examples above, what the model makes of them below.</summary>
    private static byte[] Reconstructions(TrainingReplica replica, int side, DataDescription data)
    {
        var (originals, reconstructions) = replica.Reconstruct(side * Math.Max(1, side / 2));
        var images = new List<float>(2 * originals.Length);
        for (var start = 0; start < originals.Length; start += side * data.Dimensions)
        {
            var length = Math.Min(side * data.Dimensions, originals.Length - start);
            // A row that the examples do not fill is padded, so that each reconstruction stays below its example.
            images.AddRange(PaddedRow(originals.AsSpan(start, length), side * data.Dimensions));
            images.AddRange(PaddedRow(reconstructions.AsSpan(start, length), side * data.Dimensions));
        }
        return ImageGrid.RenderPng([.. images], data, side);
    }

    private static float[] PaddedRow(ReadOnlySpan<float> values, int length)
    {
        var row = new float[length];
        values.CopyTo(row);
        return row;
    }
}
