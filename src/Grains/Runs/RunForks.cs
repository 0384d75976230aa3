using System.Globalization;
using System.Text.Json;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Grains.Storage;
using VaeCluster.Grains.Trainers;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Optimizers;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.Runs;

/// <summary>Finds the checkpoint of another run that a new one shall go on from, and copies it.</summary>
public sealed class RunForks
{
    private readonly RunGrains _runs;
    private readonly RunFiles _files;

    /// <summary>For the container.</summary>
    public RunForks(RunGrains runs, RunFiles files)
    {
        _runs = runs;
        _files = files;
    }

    /// <summary>The checkpoint that a text names.</summary>
    /// <param name="text"><c>run</c>, which takes its newest, or <c>run@step</c>.</param>
    /// <exception cref="ArgumentException">The text names none.</exception>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    /// <exception cref="InvalidOperationException">The run has no such checkpoint, or not a whole one.</exception>
    public async Task<RunFork> FindAsync(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (runId, asked) = Parse(text);
        var snapshot = await _runs.GetAsync(runId);
        return await Task.Run(() => Read(runId, asked, snapshot));
    }

    /// <summary>Why a spec cannot go on from a checkpoint; none when it can.</summary>
    public static IReadOnlyList<SpecError> Check(RunFork fork, RunSpec spec, DataDescription data)
    {
        ArgumentNullException.ThrowIfNull(fork);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(data);
        var errors = new List<SpecError>();
        var (source, steps) = ($"run {fork.Origin.RunId}", new TrainingSchedule(spec, data).StepCount);
        if (!ModelSlots(ModelLayout.Of(spec, data)).SequenceEqual(ModelSlots(fork.Layout)))
            errors.Add(new(
                "model",
                $"The spec's model has other tensors than that of {source}; continuing from its weights requires the same tensors.",
                "Use its model section and its data's shape, or start without --from."));
        if (OptimizerError(fork, source, spec) is { } error)
            errors.Add(error);
        if (fork.Origin.Step >= steps)
            errors.Add(new(
                "training.epochs",
                $"training.epochs is {spec.Training.Epochs}, which makes {steps} steps, and the checkpoint is of step {fork.Origin.Step}; "
                    + "no step is left to train.",
                "Ask for more epochs, or name an earlier checkpoint."));
        return errors;
    }

    /// <summary>The first setting by which the checkpoint has other state of an optimizer than the spec's.</summary>
    private static SpecError? OptimizerError(RunFork fork, string source, RunSpec spec)
    {
        var origin = RunSpecReader.ReadCanonical(fork.SpecJson);
        if (spec.Training.LocalSteps != origin.Training.LocalSteps)
            return new(
                "training.localSteps",
                $"training.localSteps is {spec.Training.LocalSteps}, and that of {source} is {origin.Training.LocalSteps}; the steps of its checkpoints "
                    + "take so many batches, and its optimizer keeps state for them.",
                $"Set training.localSteps to {origin.Training.LocalSteps}, or start without --from.");
        if (InnerState.IsPublished(spec) != InnerState.IsPublished(origin))
            return new(
                "optimizer.outer.innerState",
                $"optimizer.outer.innerState is {SpecNames.Of(spec.Optimizer.Outer.InnerState)}, and that of {source} is "
                    + $"{SpecNames.Of(origin.Optimizer.Outer.InnerState)}; continuing requires the same state.",
                "Use its optimizer.outer.innerState, or start without --from.");
        var isSame = UpdateRules.For(spec).StateNames.SequenceEqual(fork.StateNames)
            && (!InnerState.IsPublished(spec) || InnerState.NamesOf(spec.Optimizer.Kind).SequenceEqual(InnerState.NamesOf(origin.Optimizer.Kind)));
        return isSame ? null : new(
            "optimizer.kind",
            $"optimizer.kind is {SpecNames.Of(spec.Optimizer.Kind)}, which keeps other state than that of {source}; continuing requires the same state.",
            "Use its optimizer section, or start without --from.");
    }

    /// <summary>Copies the checkpoint to where the new run keeps it for good.</summary>
    public Task CopyAsync(RunFork fork, RunPlan plan, RunSpec spec) =>
        Task.Run(() => new CheckpointFolder(_files.Origin(plan.RunId), plan, spec, fork.Layout).Write(new Checkpoint(fork.State, []), keep: 1));

    private RunFork Read(string runId, long? asked, RunSnapshot snapshot)
    {
        var plan = RunWeights.PlanOf(snapshot);
        var spec = RunSpecReader.ReadCanonical(plan.SpecJson);
        var layout = ModelLayout.Of(spec, plan.Data);
        var folder = new CheckpointFolder(_files.Checkpoints(runId), plan, spec, layout);
        var steps = folder.Steps();
        var step = asked ?? (steps.Count > 0 ? steps[0] : 0);
        if (!steps.Contains(step))
            throw new InvalidOperationException(
                $"Run {runId} has no checkpoint of step {step}; "
                    + $"{(steps.Count == 0 ? "it has none" : $"it has checkpoints of steps {string.Join(", ", steps.Order())}")}. A run's "
                    + "checkpoint.every sets when one is written, and checkpoint.keep how many are kept.");
        try
        {
            var state = folder.Read(step).State;
            return new(
                new RunOrigin(runId, step, SafetensorsFile.Sha256(state.Weights)),
                snapshot.SpecJson,
                layout,
                UpdateRules.For(spec).StateNames,
                state);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or JsonException)
        {
            throw new InvalidOperationException($"The checkpoint of step {step} of run {runId} cannot be used: {e.Message} Name another.", e);
        }
    }

    private static (string RunId, long? Step) Parse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
            return (text, null);
        return long.TryParse(text[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            ? (text[..at], step)
            : throw new ArgumentException(
                $"from is '{text}'; it must be a run, or a run and a step such as mnist-mlp-1@500. Leave the step out for the newest.");
    }

    /// <summary>The tensors of the model itself, without the state of local steps.</summary>
    private static IEnumerable<string> ModelSlots(ParameterLayout layout) => layout.Slots
        .Where(slot => !slot.Name.StartsWith(InnerState.Prefix, StringComparison.Ordinal))
        .Select(Describe);

    private static string Describe(ParameterSlot slot) => $"{slot.Name} [{string.Join(", ", slot.Shape)}]";
}

/// <summary>A checkpoint of a run, read.</summary>
/// <param name="Origin">Which one it is.</param>
/// <param name="SpecJson">The run's complete spec.</param>
/// <param name="Layout">How its model's tensors lie.</param>
/// <param name="StateNames">The kinds of state of its optimizer.</param>
/// <param name="State">Its training state.</param>
public sealed record RunFork(RunOrigin Origin, string SpecJson, ParameterLayout Layout, IReadOnlyList<string> StateNames, TrainingState State);
