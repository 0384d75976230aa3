namespace VaeCluster.Contracts.Architectures;

/// <summary>The values that pixels have for a model. Data are kept in [0, 1].</summary>
/// <param name="Low">What black is.</param>
/// <param name="High">What full intensity is.</param>
public readonly record struct PixelRange(double Low, double High)
{
    /// <summary>[0, 1], as data are kept.</summary>
    public static PixelRange Unit { get; } = new(0, 1);

    /// <summary>[-1, 1], for decoders that end in tanh.</summary>
    public static PixelRange Symmetric { get; } = new(-1, 1);
}
