namespace VaeCluster.Training.Inference;

/// <summary>An image that shows a trained model.</summary>
/// <param name="Name">What it shows, a word: the name of its file without the ending.</param>
/// <param name="Png">As a PNG file.</param>
/// <param name="Svg">As an SVG file, where it is a plot; null for images.</param>
/// <param name="Note">What was chosen for the caller, a sentence; empty when nothing was.</param>
public sealed record ModelImage(string Name, byte[] Png, byte[]? Svg = null, string Note = "");
