namespace VaeCluster.Data.Images;

/// <summary>An image as decoded: 8-bit samples, pixel after pixel, row after row.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Channels">1 is grey, 3 is red, green and blue.</param>
/// <param name="Pixels">Width * Height * Channels bytes.</param>
internal sealed record DecodedImage(int Width, int Height, int Channels, byte[] Pixels);
