namespace VaeCluster.TorchPatcher;

/// <summary>An outcome with its reason.</summary>
/// <param name="Outcome">What became of the library.</param>
/// <param name="Sentence">What was found and what to do, for people.</param>
/// <param name="Library">The patched library; null unless the outcome is <see cref="PatchOutcome.Patched"/>.</param>
internal sealed record PatchResult(PatchOutcome Outcome, string Sentence, byte[]? Library = null);
