using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>Which phase of a run may follow which, and which sentence a caller gets when it may not.</summary>
internal static class RunTransitions
{
    /// <summary>Whether a run may go from one phase to another. A phase may follow itself while the run is active.</summary>
    public static bool IsAllowed(RunPhase from, RunPhase to) => (from, to) switch
    {
        (RunPhase.Pending or RunPhase.Running, RunPhase.Succeeded) => true,
        (RunPhase.Pending or RunPhase.Running, RunPhase.Failed or RunPhase.Paused) => true,
        (RunPhase.Pending or RunPhase.Running, RunPhase.Pending or RunPhase.Running) => true,
        (RunPhase.Pending or RunPhase.Running or RunPhase.Paused, RunPhase.Cancelled) => true,
        // Resumed, or retried from the newest checkpoint.
        (RunPhase.Paused or RunPhase.Failed or RunPhase.Cancelled, RunPhase.Pending) => true,
        _ => false,
    };

    /// <summary>Why a run cannot be paused; null when it can, or when pausing would change nothing.</summary>
    public static string? PauseRefusal(string runId, RunPhase phase, bool isFinalizing) => isFinalizing && phase.IsActive()
        ? $"Run {runId} has applied every step and is being evaluated; it ends soon."
        : null;

    /// <summary>Why a run cannot be resumed; null when it can.</summary>
    public static string? ResumeRefusal(string runId, RunPhase phase) => phase == RunPhase.Paused
        ? null
        : $"Run {runId} is {phase}; only a paused run can be resumed{(phase.IsFinal() ? ". `vaectl retry` continues a failed or cancelled run" : "")}.";

    /// <summary>Why a run cannot be retried; null when it can.</summary>
    public static string? RetryRefusal(string runId, RunPhase phase) => phase is RunPhase.Failed or RunPhase.Cancelled
        ? null
        : $"Run {runId} is {phase}; only a failed or cancelled run can be retried.";
}
