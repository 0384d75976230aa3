namespace VaeCluster.Grains.Cluster;

/// <summary>How long the cluster's book believes in what it last heard.</summary>
public sealed class ClusterBookOptions
{
    /// <summary>A silo that has not announced its devices for so long has lost them.</summary>
    /// <value>Default 3 seconds; silos announce every second.</value>
    public TimeSpan SiloSilence { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>A run that has not renewed its devices for so long has lost them, and is woken.</summary>
    /// <value>Default 4 seconds; runs renew every second.</value>
    public TimeSpan RunSilence { get; set; } = TimeSpan.FromSeconds(4);
}
