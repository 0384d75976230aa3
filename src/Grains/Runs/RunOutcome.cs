using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>How a run ends, or is paused.</summary>
/// <param name="Phase">The phase that it reaches.</param>
/// <param name="Reason">Why: one of <see cref="RunReasons"/>.</param>
/// <param name="Message">Why, a sentence for people.</param>
/// <param name="Results">What it ended with; null unless it succeeded.</param>
internal sealed record RunOutcome(RunPhase Phase, string Reason, string Message, RunResults? Results = null)
{
    /// <summary>It failed.</summary>
    public static RunOutcome Failed(string reason, string message) => new(RunPhase.Failed, reason, message);
}
