namespace VaeCluster.Contracts.Specs;

/// <summary>How many trainers a run asks for.</summary>
public sealed class TrainersSpec
{
    /// <summary>With fewer free devices than this the run waits.</summary>
    /// <value>Default 1.</value>
    public int Min { get; set; } = 1;

    /// <summary>It takes no more devices than this.</summary>
    /// <value>Default 0, which means as many as there are shards.</value>
    public int Max { get; set; }

    /// <summary>
    /// A trainer that keeps a step waiting for this many times the usual step, and at least a second, has its shards computed by
    /// the others too (backup tasks, as in Dean and Ghemawat 2004). Whoever is first counts: the bits are the same.
    /// </summary>
    /// <value>Default 5; 0 waits for it.</value>
    public double BackupAfter { get; set; } = 5;
}
