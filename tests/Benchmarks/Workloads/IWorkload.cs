namespace VaeCluster.Benchmarks.Workloads;

/// <summary>Something that is done again and again, and counted.</summary>
internal interface IWorkload
{
    /// <summary>What one turn counts: samples, or bytes.</summary>
    double CountPerTurn { get; }

    /// <summary>Does it once.</summary>
    void Turn();
}
