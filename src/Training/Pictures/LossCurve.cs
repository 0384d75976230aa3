namespace VaeCluster.Training.Pictures;
/// <summary>x</summary>
public static class LossCurve
{
    /// <summary>x</summary>
    public static byte[] Encode(IReadOnlyList<VaeCluster.Contracts.Runs.MetricsLine> lines) => [];
}
