namespace Orleans.Configuration;

/// <summary>How silos watch each other.</summary>
public class ClusterMembershipOptions
{
    /// <summary>How long a probe may take, and the pause between two of them. <value>The default is 1 s.</value></summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A silo that misses this many probes in a row is declared dead. <value>The default is 3.</value></summary>
    public int NumMissedProbesLimit { get; set; } = 3;

    /// <summary>How many other silos each silo watches. <value>The default is 10.</value></summary>
    public int NumProbedSilos { get; set; } = 10;

    /// <summary>The pause between two looks at the table. <value>The default is 60 s.</value></summary>
    public TimeSpan TableRefreshTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a silo tries to join before its start fails. <value>The default is 5 minutes.</value></summary>
    public TimeSpan MaxJoinAttemptTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long dead silos stay in the table. <value>The default is 7 days.</value></summary>
    public TimeSpan DefunctSiloExpiration { get; set; } = TimeSpan.FromDays(7);
}
