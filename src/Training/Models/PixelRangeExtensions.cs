using VaeCluster.Contracts.Architectures;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>The ways from pixels in [0, 1] to those of a model and back.</summary>
public static class PixelRangeExtensions
{
    /// <summary>Pixels as the model takes them, of pixels in [0, 1].</summary>
    public static Tensor FromUnit(this PixelRange range, Tensor pixels) =>
        range == PixelRange.Unit ? pixels : pixels.Times(range.High - range.Low).Plus(range.Low);

    /// <summary>Pixels in [0, 1], of pixels as the model makes them.</summary>
    public static Tensor ToUnit(this PixelRange range, Tensor pixels) =>
        range == PixelRange.Unit ? pixels : pixels.Minus(range.Low).Over(range.High - range.Low);
}
