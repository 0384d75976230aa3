namespace VaeCluster.Training.Inference;

/// <summary>A picture that a trained model made.</summary>
/// <param name="Name">What it shows, a word: the name of its file without the ending.</param>
/// <param name="Png">As a PNG file.</param>
/// <param name="Svg">As an SVG file, where it is a plot; null for images.</param>
/// <param name="Note">What was chosen for the caller, a sentence; empty when nothing was.</param>
public sealed record ModelPicture(string Name, byte[] Png, byte[]? Svg = null, string Note = "");
