using System.Globalization;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Parameters.Schedules;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// Notices from the records of steps that the posterior has collapsed onto the prior, and that it has come back: every so many batches it checks the mean
/// KL of the last so many, at the end of the step that completes them. A window whose first steps were missed is not checked, and those that come again
/// after a replay do not count.
/// </summary>
internal sealed class CollapseWatch
{
    private readonly ObjectiveSpec _spec;
    private readonly TrainingSchedule _schedule;
    private readonly bool _reportsKl;
    private long _step;

    /// <summary>The first step of the window; 0 while a window is under way whose beginning was missed.</summary>
    private long _firstStep;
    private long _batches;
    private double _kl;

    /// <summary>Watches a run.</summary>
    /// <param name="spec">Its complete spec.</param>
    /// <param name="schedule">How many batches each step takes.</param>
    /// <param name="isCollapsed">What was found last.</param>
    public CollapseWatch(RunSpec spec, TrainingSchedule schedule, bool isCollapsed)
    {
        _spec = spec.Objective;
        _schedule = schedule;
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
                Restart(IsBoundary(record.Step - 1) ? record.Step : 0);
            else if (_step == 0)
                Restart(1);
            _step = record.Step;
            var batches = _schedule.BatchesOf(record.Step - 1);
            _batches += batches;
            _kl += batches * record.Losses.Kl / record.Losses.Examples;
            if (!IsBoundary(record.Step))
                continue;
            if (_firstStep > 0 && Check(_kl / _batches) is { } change)
                changes.Add(change);
            Restart(record.Step + 1);
        }
        return changes;
    }

    private void Restart(long firstStep)
    {
        _firstStep = firstStep;
        _batches = 0;
        _kl = 0;
    }

    /// <summary>Whether a window ends with a step, counted from 1: whether the step's batches complete a multiple of the spec's number.</summary>
    private bool IsBoundary(long step) => _schedule.FirstBatchOf(step) / _spec.Collapse.Steps != _schedule.FirstBatchOf(step - 1) / _spec.Collapse.Steps;

    private (string, string)? Check(double kl)
    {
        // A capacity that has not risen yet asks for no more KL than this.
        var isAskedFor = _spec.Beta.Schedule != BetaScheduleKind.Capacity
            || BetaSchedule.CapacityAt(_spec.Beta, _schedule.FirstBatchOf(_step)) > _spec.Collapse.Threshold;
        var isCollapsed = kl < _spec.Collapse.Threshold && isAskedFor;
        if (isCollapsed == IsCollapsed)
            return null;
        IsCollapsed = isCollapsed;
        var found = Inv($"The mean KL of steps {_firstStep} to {_step} is {kl:G3} nats per example");
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
