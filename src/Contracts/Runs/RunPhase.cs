namespace VaeCluster.Contracts.Runs;

/// <summary>Where a run is in its life. Succeeded, Failed and Cancelled are final, though the last two can be retried.</summary>
public enum RunPhase
{
    /// <summary>It waits for devices.</summary>
    Pending,

    /// <summary>It trains, or evaluates what it trained.</summary>
    Running,

    /// <summary>All steps were applied and the results are written.</summary>
    Succeeded,

    /// <summary>It stopped because of an error; its last condition says which.</summary>
    Failed,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled,

    /// <summary>Somebody paused it: it holds no device and keeps its training state.</summary>
    Paused,
}

/// <summary>Questions about phases.</summary>
public static class RunPhaseExtensions
{
    /// <summary>Whether the run has ended.</summary>
    public static bool IsFinal(this RunPhase phase) => phase is RunPhase.Succeeded or RunPhase.Failed or RunPhase.Cancelled;

    /// <summary>Whether the run wants devices, or has them.</summary>
    public static bool IsActive(this RunPhase phase) => phase is RunPhase.Pending or RunPhase.Running;
}
