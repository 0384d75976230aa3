using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>The values that pixels have for a model. Data are kept in [0, 1]; these are the ways there and back.</summary>
/// <param name="Low">What black is.</param>
/// <param name="High">What full intensity is.</param>
public readonly record struct PixelRange(double Low, double High)
{
    /// <summary>[0, 1], as data are kept.</summary>
    public static PixelRange Unit { get; } = new(0, 1);

    /// <summary>[-1, 1], for decoders that end in tanh.</summary>
    public static PixelRange Symmetric { get; } = new(-1, 1);

    /// <summary>Pixels as the model takes them, of pixels in [0, 1].</summary>
    public Tensor FromUnit(Tensor pixels) => this == Unit ? pixels : pixels.Times(High - Low).Plus(Low);

    /// <summary>Pixels in [0, 1], of pixels as the model makes them.</summary>
    public Tensor ToUnit(Tensor pixels) => this == Unit ? pixels : pixels.Minus(Low).Over(High - Low);
}
