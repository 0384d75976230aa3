namespace VaeCluster.Contracts.ParameterServer;

/// <summary>What the parameter server fetches of the partitions' states.</summary>
public enum StateCopy
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The weights.</summary>
    Weights,

    /// <summary>The weights and the optimizer's state.</summary>
    All,
}
