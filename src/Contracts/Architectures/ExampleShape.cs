namespace VaeCluster.Contracts.Architectures;

/// <summary>The shape of one example.</summary>
/// <param name="Channels">Channels of an image: 1 or 3.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
public readonly record struct ExampleShape(int Channels, int Height, int Width)
{
    /// <summary>Values in one example, D.</summary>
    public int Dimensions => Channels * Height * Width;

    /// <summary>The shape as errors show it, e.g. <c>1x28x28</c>.</summary>
    public override string ToString() => $"{Channels}x{Height}x{Width}";
}
