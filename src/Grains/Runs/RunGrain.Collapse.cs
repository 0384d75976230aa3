using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Grains.Runs;

/// <summary>What the run reports of a posterior that collapses or recovers.</summary>
public sealed partial class RunGrain
{
    private CollapseWatch? _collapse;

    private async Task ReportCollapseAsync(IEnumerable<StepRecord> records)
    {
        _collapse ??= new CollapseWatch(_spec!, State.Progress.IsCollapsed);
        var changes = _collapse.Take(records);
        if (changes.Count == 0)
            return;
        await ChangeAsync(state =>
        {
            state.Progress = state.Progress with { IsCollapsed = _collapse.IsCollapsed };
            state.Conditions.AddRange(changes.Select(change => Condition(change.Reason, change.Message)));
        });
    }
}
