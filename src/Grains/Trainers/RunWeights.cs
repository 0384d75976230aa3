using System.Text.Json;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Storage;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Training.Inference;

namespace VaeCluster.Grains.Trainers;

/// <summary>Finds the weights of a run on the disk: the model of one that has succeeded, the checkpoints of any other.</summary>
public sealed class RunWeights
{
    private readonly RunFiles _files;

    /// <summary>For the container.</summary>
    public RunWeights(RunFiles files) => _files = files;

    /// <summary>The weights of a step; <paramref name="step"/> 0 takes the newest.</summary>
    /// <exception cref="InvalidOperationException">Nothing is on the disk yet, or nothing of that step, or it is damaged.</exception>
    public ModelSource Find(RunSnapshot run, long step)
    {
        ArgumentNullException.ThrowIfNull(run);
        var plan = PlanOf(run);
        if (run is { Phase: RunPhase.Succeeded, Results: { } results } && (step == 0 || step == run.Progress.StepCount))
            return new(plan, run.Progress.StepCount, _files.Model(run.RunId), results.WeightsSha256);
        var checkpoints = _files.Checkpoints(run.RunId);
        var steps = CheckpointFolder.StepsIn(checkpoints).Where(step => step > 0).ToList();
        if (step == 0 && steps.Count == 0)
            throw new InvalidOperationException(
                $"Run '{run.RunId}' is {run.Phase} at step {run.Progress.Step} and has written no checkpoint yet, so there are no weights "
                    + "to use. Wait for the first one; checkpoint.every sets when they are written.");
        if (step != 0 && !steps.Contains(step))
            throw new InvalidOperationException(
                $"Run '{run.RunId}' has no weights of step {step}; "
                    + $"{(steps.Count == 0 ? "there are no checkpoints" : $"it keeps those of {string.Join(", ", steps)}")}. "
                    + "Leave the step out to take the newest.");
        var found = step == 0 ? steps[0] : step;
        try
        {
            return new(plan, found, CheckpointFolder.ModelOf(checkpoints, found), CheckpointFolder.WeightsSha256Of(checkpoints, found));
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException(
                $"The checkpoint of step {found} of run '{run.RunId}' is damaged: {e.Message} "
                    + $"The run keeps those of {string.Join(", ", steps)}; name another step.",
                e);
        }
    }

    /// <summary>The weights that an evaluation is of, where this silo has them: a checkpoint's are those that <see cref="Pin"/> kept.</summary>
    public ModelSource SourceOf(EvaluationTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new(task.Plan, task.Step, task.IsFinal ? _files.Model(task.Plan.RunId) : PinnedFile(task), task.WeightsSha256);
    }

    /// <summary>Keeps the weights of a checkpoint aside, because the run that goes on will remove it before a long evaluation is over.</summary>
    /// <exception cref="IOException">They are gone, or the disk does not take the copy.</exception>
    public void Pin(EvaluationTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.IsFinal)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(PinnedFile(task))!);
        File.Copy(CheckpointFolder.ModelOf(_files.Checkpoints(task.Plan.RunId), task.Step), PinnedFile(task), overwrite: true);
    }

    /// <summary>Removes what <see cref="Pin"/> kept.</summary>
    public void Unpin(EvaluationTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!task.IsFinal && File.Exists(PinnedFile(task)))
            File.Delete(PinnedFile(task));
    }

    /// <summary>What everybody who computes for a run must agree on, as its snapshot has it.</summary>
    /// <exception cref="InvalidOperationException">The snapshot is of a silo of an older version, which does not report the data.</exception>
    public static RunPlan PlanOf(RunSnapshot run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var data = run.Data ?? throw new InvalidOperationException(
            $"Run '{run.RunId}' does not report its data; its silo runs an older version. Run one version on all silos.");
        return new RunPlan { RunId = run.RunId, SpecJson = run.SpecJson, Data = data, Origin = run.Origin };
    }

    private string PinnedFile(EvaluationTask task) => Path.Combine(_files.Folder(task.Plan.RunId), "evaluating", $"{task.Step}.safetensors");
}
