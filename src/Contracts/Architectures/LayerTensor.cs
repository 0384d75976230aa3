namespace VaeCluster.Contracts.Architectures;

/// <summary>A tensor that a layer has.</summary>
/// <param name="Name">As PyTorch names it, e.g. <c>encoder.0.weight</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="IsBuffer">Whether it is a running statistic rather than something an optimizer moves.</param>
public sealed record LayerTensor(string Name, IReadOnlyList<long> Shape, bool IsBuffer = false);
