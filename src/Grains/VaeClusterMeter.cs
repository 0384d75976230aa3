namespace VaeCluster.Grains;

/// <summary>The meter that all of the product's instruments belong to.</summary>
public static class VaeClusterMeter
{
    /// <summary>Its name.</summary>
    public const string Name = "VaeCluster";
}
