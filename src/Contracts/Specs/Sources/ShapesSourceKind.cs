namespace VaeCluster.Contracts.Specs.Sources;

/// <summary>Built in: sprites of three shapes over scale, rotation and position.</summary>
internal sealed class ShapesSourceKind : DataSourceKind
{
    /// <summary>Bytes of the largest array.</summary>
    private const long PixelBytesMax = 0x7FFFFFC7;

    public override string Name => "shapes";

    public override bool IsResizable => true;

    public override IEnumerable<SpecError> Check(DataSpec data)
    {
        if (data.Train > 0 && (long)data.Train + data.Test > data.Count)
            yield return new(
                "data.train",
                $"data.train and data.test ask for {(long)data.Train + data.Test} examples and data.count is {data.Count}; both parts must fit.",
                "Raise data.count, or ask for fewer.");
        if (data.Train == 0 && data.Test >= data.Count)
            yield return new(
                "data.test",
                $"data.test is {data.Test} and data.count is {data.Count}; at least one example must be left for training.",
                $"Set data.test to less than {data.Count}.");
        var bytes = (long)data.Count * data.Channels * data.ImageSize * data.ImageSize;
        if (bytes > PixelBytesMax)
            yield return new(
                "data.count",
                $"data.count is {data.Count} and data.imageSize is {data.ImageSize}, together {bytes} bytes of pixels; at most "
                    + $"{PixelBytesMax} fit in memory here.",
                "Ask for fewer or for smaller images.");
    }
}
