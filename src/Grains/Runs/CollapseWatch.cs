using System.Globalization;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Schedules;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// Notices from the records of steps that the posterior has collapsed onto the prior, and that it has come back: every so many steps it checks the mean
/// KL of the last so many. A window whose first steps were missed is not checked, and those that come again after a replay do not count.
/// </summary>
internal sealed class CollapseWatch
{
    private readonly ObjectiveSpec _spec;
    private readonly bool _reportsKl;
    private long _step;
    private long _counted;
    private double _kl;

    /// <summary>Watches a run.</summary>
    /// <param name="spec">Its complete spec.</param>
    /// <param name="isCollapsed">What was found last.</param>
    public CollapseWatch(RunSpec spec, bool isCollapsed)
    {
        _spec = spec.Objective;
        _reportsKl = SpecKinds.ObjectiveOf(spec).NeedsPosterior;
        IsCollapsed = isCollapsed;
    }

    /// <summary>Whether the last window of steps had almost no KL.</summary>
    public bool IsCollapsed { get; private set; }

    /// <summary>Takes records, oldest first.</summary>
    /// <returns>A reason and a sentence for each change.</returns>
    public List<(string Reason, string Message)> Take(IEnumerable<StepRecord> records)
    {
        var changes = new List<(string, string)>();
        foreach (var record in records.Where(record => _reportsKl && record.Step > _step))
        {
            // A hole before this step: what was counted belongs to other steps.
            if (record.Step != _step + 1)
                (_counted, _kl) = (0, 0);
            (_step, _counted, _kl) = (record.Step, _counted + 1, _kl + (record.Losses.Kl / record.Losses.Examples));
            if (record.Step % _spec.Collapse.Steps != 0)
                continue;
            if (_counted == _spec.Collapse.Steps && Check(record.Step, _kl / _counted) is { } change)
                changes.Add(change);
            (_counted, _kl) = (0, 0);
        }
        return changes;
    }

    private (string, string)? Check(long step, double kl)
    {
        // A capacity that has not risen yet asks for no more KL than this.
        var isAskedFor = _spec.Beta.Schedule != BetaScheduleKind.Capacity || BetaSchedule.CapacityAt(_spec.Beta, step) > _spec.Collapse.Threshold;
        var isCollapsed = kl < _spec.Collapse.Threshold && isAskedFor;
        if (isCollapsed == IsCollapsed)
            return null;
        IsCollapsed = isCollapsed;
        var found = Inv($"The mean KL of steps {step - _spec.Collapse.Steps + 1} to {step} is {kl:G3} nats per example");
        return isCollapsed
            ? (RunReasons.PosteriorCollapsed, string.Create(CultureInfo.InvariantCulture,
                $"{found}, below objective.collapse.threshold ({_spec.Collapse.Threshold:G3}): the posterior carries almost no information "
                    + $"about its example. {Answer()}"))
            : (RunReasons.PosteriorRecovered, $"{found} again.");
    }

    private string Answer() => _spec.Collapse.Action == CollapseAction.LowerBeta
        ? Inv($"Beta is multiplied by {_spec.Collapse.Factor:G3} every {_spec.Collapse.Steps} steps while this lasts.")
        : "Try a warm-up of beta, a lower one, or objective.collapse.action=lower-beta.";

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
