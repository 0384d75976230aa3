namespace VaeCluster.Contracts.Runs;

/// <summary>Where a run is in its life. The last three are final.</summary>
public enum RunPhase
{
    /// <summary>It waits for devices.</summary>
    Pending,

    /// <summary>It trains, or judges what it trained.</summary>
    Running,

    /// <summary>All steps were applied and the results are written.</summary>
    Succeeded,

    /// <summary>It stopped because of a fault; its last condition says which.</summary>
    Failed,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled,
}

/// <summary>Questions about phases.</summary>
public static class RunPhaseExtensions
{
    /// <summary>Whether the phase can never change again.</summary>
    public static bool IsFinal(this RunPhase phase) => phase is RunPhase.Succeeded or RunPhase.Failed or RunPhase.Cancelled;
}
