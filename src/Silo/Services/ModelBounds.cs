using System.Runtime.CompilerServices;
using VaeCluster.Contracts.Runs;
using VaeCluster.Plots;

namespace VaeCluster.Silo.Services;

/// <summary>What one call may ask of a trained model. A silo answers one request at a time, so each must be small.</summary>
internal static class ModelBounds
{
    public const int SamplesMax = 1024;
    public const int ReconstructionsMax = 512;
    public const int StepsMax = 64;
    public const int SideMax = 64;
    public const int ScatterMax = 10_000;
    public const int DimensionsMax = 64;
    public const double RangeMax = 10;

    /// <summary>Latent values in one answer of Encode: of means and of logarithms of variances together 1 MiB.</summary>
    public const int EncodedValuesMax = 1 << 17;

    /// <summary>Rows in it, however few dimensions they have: each costs a pass through the encoder.</summary>
    public const int EncodedRowsMax = 8192;

    /// <exception cref="ArgumentException">The value is out of its bounds; the message says them.</exception>
    public static void Check(int value, int min, int max, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < min || value > max)
            throw new ArgumentException($"{Named(name)} is {value}; it must be between {min} and {max}.");
    }

    /// <exception cref="ArgumentException">The range is not above 0 and at most <see cref="RangeMax"/>.</exception>
    public static void CheckRange(double range)
    {
        if (!(range > 0 && range <= RangeMax))
            throw new ArgumentException(FormattableString.Invariant($"range is {range}; it must be above 0 and at most {RangeMax}."));
    }

    /// <exception cref="ArgumentException">The step is none that weights can be of.</exception>
    public static void CheckStep(long step)
    {
        if (step < 0)
            throw new ArgumentException($"model.step is {step}; it must be the step of a checkpoint, or 0 for the newest weights.");
    }

    /// <exception cref="ArgumentException">There are more dimensions than one image shows.</exception>
    public static void CheckDimensions(IReadOnlyCollection<int> dimensions)
    {
        if (dimensions.Count > DimensionsMax)
            throw new ArgumentException(
                $"{dimensions.Count} dimensions are requested; one call shows at most {DimensionsMax}. Request the others in further calls.");
    }

    /// <exception cref="ArgumentException">The images of a grid would not fit in memory; the message says how many would.</exception>
    public static void CheckImages(DataDescription data, long images)
    {
        if (images * data.Dimensions > ImageGrid.ValuesMax)
            throw new ArgumentException(
                $"{images} images of {data.Channels}x{data.Height}x{data.Width} are {images * data.Dimensions} values; one grid has at "
                    + $"most {ImageGrid.ValuesMax}, which are {ImageGrid.ValuesMax / data.Dimensions} such images. Ask for fewer.");
    }

    /// <summary>The field as the .proto file names it.</summary>
    private static string Named(string expression) => expression[(expression.LastIndexOf('.') + 1)..].ToLowerInvariant();
}
