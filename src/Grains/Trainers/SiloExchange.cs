namespace VaeCluster.Grains.Trainers;

/// <summary>What the trainers of one silo do together on their way to parameter servers.</summary>
public sealed class SiloExchange
{
    /// <summary>For the container.</summary>
    public SiloExchange(TimeProvider time) => Reduction = new SiloReduction(time);

    /// <summary>Pulls weights once for all.</summary>
    internal SharedPulls Pulls { get; } = new();

    /// <summary>Adds gradients up before they are sent.</summary>
    internal SiloReduction Reduction { get; }
}
