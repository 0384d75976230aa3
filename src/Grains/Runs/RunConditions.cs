using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// What a run reports of its life. All of it is written with every change and sent to everybody who watches, so a run that loses and gains silos for
/// weeks must not report each.
/// </summary>
internal static class RunConditions
{
    /// <summary>Conditions that are kept: about 100 KiB.</summary>
    public const int KeptMax = 500;

    /// <summary>The first of them, which say how the run began.</summary>
    public const int FirstKept = 10;

    /// <summary>Leaves out what came after the first ones, oldest first, until no more than <see cref="KeptMax"/> are left.</summary>
    public static void Limit(List<RunCondition> conditions)
    {
        if (conditions.Count > KeptMax)
            conditions.RemoveRange(FirstKept, conditions.Count - KeptMax);
    }

    /// <summary>The state of a run that was just submitted.</summary>
    public static void OnSubmitted(RunState state, RunPlan plan, DateTimeOffset now)
    {
        state.Plan = plan;
        state.Phase = RunPhase.Pending;
        state.SubmittedAt = now;
        state.Conditions.Add(new(RunReasons.Submitted, plan.Origin is { } origin
            ? $"The run was accepted; it continues from step {origin.Step} of run {origin.RunId}."
            : "The run was accepted.", now));
        if (RunSpecReader.ReadCanonical(plan.SpecJson).Determinism == DeterminismKind.Relaxed)
            state.Conditions.Add(new(
                RunReasons.Relaxed,
                "The spec says determinism: relaxed. Each example of an epoch is still used exactly once, and a run replays from its "
                    + "checkpoints; but with another number of trainers, on another machine or on a retry, the weights may end with other bits.",
                now));
    }
}
