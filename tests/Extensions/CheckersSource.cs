using VaeCluster.Contracts.Specs;
using VaeCluster.Data;

namespace VaeCluster.Extensions.Sample;

/// <summary>
/// Checkerboards of several widths and places, drawn: <c>data.count</c> of them, of <c>data.imageSize</c> and <c>data.channels</c>. The same for everybody
/// who asks for the same.
/// </summary>
public sealed class CheckersSource : DataSourceKind, IDataSource
{
    private const int Widths = 4;

    /// <inheritdoc/>
    public override string Name => "checkers";

    /// <inheritdoc/>
    public override bool IsResizable => true;

    /// <inheritdoc/>
    public Dataset Open(DataSpec spec, DataAccess access)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var side = spec.ImageSize;
        var (image, labels) = (spec.Channels * side * side, new byte[spec.Count]);
        var pixels = new byte[checked(spec.Count * image)];
        for (var example = 0; example < spec.Count; example++)
        {
            labels[example] = (byte)(example % Widths);
            for (var i = 0; i < image; i++)
                pixels[(example * image) + i] = PixelAt(example, i % side, i / side % side);
        }
        return new Dataset(spec.Channels, side, side, pixels, labels);
    }

    /// <summary>White where the fields of column and row have the same parity. The label is the width of a field, less 2.</summary>
    private static byte PixelAt(int example, int x, int y)
    {
        var (width, shift) = (2 + (example % Widths), example / Widths);
        return (((x + shift) / width) + ((y + (shift / 7)) / width)) % 2 == 0 ? byte.MaxValue : byte.MinValue;
    }
}
