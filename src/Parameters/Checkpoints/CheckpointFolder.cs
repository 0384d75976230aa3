using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VaeCluster.Contracts;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Parameters.Compression;
using VaeCluster.Parameters.Optimizers;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Checkpoints;

/// <summary>
/// The checkpoints of one run: a folder a step, with <c>model.safetensors</c>, <c>optimizer.safetensors</c>, <c>state.json</c> and
/// <c>SHA256SUMS</c> (which <c>sha256sum -c</c> reads). One is made beside its place and renamed into it when all of it is on the disk, so that a
/// folder with a step's name is complete; later damage is found by the hashes.
/// </summary>
public sealed class CheckpointFolder
{
    private const string Model = "model.safetensors";
    private const string Optimizer = "optimizer.safetensors";
    private const string State = "state.json";
    private const string Scales = "gradient_scales";
    private const string Sums = "SHA256SUMS";
    private const string Partial = AtomicFile.PartialEnding;

    private readonly string _path;
    private readonly RunPlan _plan;
    private readonly ParameterLayout _layout;
    private readonly TrainingSchedule _schedule;
    private readonly IReadOnlyList<string> _stateNames;
    private readonly long _scalesLength;

    /// <summary>The checkpoints of a run at a path, which need not exist.</summary>
    /// <param name="path">The folder of the run's checkpoints.</param>
    /// <param name="plan">The run; checkpoints of another plan are refused.</param>
    /// <param name="spec">Its spec.</param>
    /// <param name="layout">How its model's tensors lie.</param>
    public CheckpointFolder(string path, RunPlan plan, RunSpec spec, ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(spec);
        _path = path;
        _plan = plan;
        _layout = layout;
        _schedule = new TrainingSchedule(spec, plan.Data);
        _stateNames = UpdateRules.For(spec).StateNames;
        _scalesLength = new GradientCompression(spec, layout).Scales.AreNeeded ? GradientScales.BytesIn(layout, PartRange.All(layout)) : 0;
    }

    /// <summary>The steps of which there is a checkpoint, newest first.</summary>
    public IReadOnlyList<long> Steps() => StepsIn(_path);

    /// <summary>Writes a checkpoint and removes those older than the newest <paramref name="keep"/>.</summary>
    /// <exception cref="IOException">The disk does not take it. The checkpoints before it are still there.</exception>
    public void Write(Checkpoint checkpoint, int keep)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var state = checkpoint.State;
        var beside = Path.Combine(_path, $"{state.Step}-{Guid.NewGuid():N}{Partial}");
        try
        {
            Directory.CreateDirectory(beside);
            WriteFiles(beside, state, checkpoint.Records);
            Place(beside, FolderOf(state.Step));
        }
        finally
        {
            // Gone already when all went well; half of one must not fill the disk.
            if (Directory.Exists(beside))
                Directory.Delete(beside, recursive: true);
        }
        foreach (var old in Steps().Skip(keep))
            Directory.Delete(FolderOf(old), recursive: true);
    }

    /// <summary>The newest checkpoint that is complete; null when there is none.</summary>
    /// <param name="damaged">Takes a sentence for each newer one that is not.</param>
    /// <exception cref="FormatVersionException">
    /// A checkpoint is of another version of the format. It is not passed over: it may be complete, and going back to an older one would lose what it has.
    /// </exception>
    public Checkpoint? ReadNewest(ICollection<string> damaged)
    {
        ArgumentNullException.ThrowIfNull(damaged);
        foreach (var step in Steps())
        {
            try
            {
                return Read(step);
            }
            catch (Exception e) when (e is InvalidDataException or JsonException or UnauthorizedAccessException or (IOException and not FormatVersionException))
            {
                damaged.Add($"The checkpoint of step {step} is damaged and was skipped: {e.Message}");
            }
        }
        return null;
    }

    /// <summary>The checkpoint of one step.</summary>
    /// <exception cref="FormatVersionException">It is of another version of the format, or of none.</exception>
    /// <exception cref="InvalidDataException">It is not what its hashes say, or of another run.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public Checkpoint Read(long step)
    {
        var folder = FolderOf(step);
        CheckSums(folder);
        var record = CheckpointRecord.Read(File.ReadAllBytes(Path.Combine(folder, State)));
        if (record.Step != step || record.Plan.SpecJson != _plan.SpecJson || record.Plan.Data != _plan.Data)
            throw new InvalidDataException(
                $"{State} is of step {record.Step} of run {record.Plan.RunId} with another spec or other data than run {_plan.RunId}.");

        byte[][] weights = [.. Enumerable.Range(0, _layout.PartCount).Select(part => new byte[4L * _layout.PartAt(part).Length])];
        SafetensorsFile.Read(Path.Combine(folder, Model), _layout, weights);
        byte[][] values = [.. _stateNames.Select(_ => new byte[4L * _layout.ParameterLength])];
        var scales = new byte[_scalesLength];
        SafetensorsFile.Read(Path.Combine(folder, Optimizer), OptimizerLayout(), [.. values, scales]);
        var state = new TrainingState { Step = step, Updates = record.Updates, Weights = weights, Optimizer = values, Scales = scales };
        return new(state, record.Records);
    }

    /// <summary>Removes what a process that was killed left half done.</summary>
    public void Clean()
    {
        if (!Directory.Exists(_path))
            return;
        foreach (var beside in Directory.EnumerateDirectories(_path, "*" + Partial))
            Directory.Delete(beside, recursive: true);
    }

    /// <summary>The steps of which there is a checkpoint in a folder, which need not exist, newest first. What is half done has no step's name.</summary>
    public static IReadOnlyList<long> StepsIn(string path) => !Directory.Exists(path) ? [] :
    [
        .. Directory.EnumerateDirectories(path)
            .Select(folder => long.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1)
            .Where(step => step >= 0)
            .OrderDescending(),
    ];

    /// <summary>The file of the weights of a step, which need not exist.</summary>
    public static string ModelOf(string path, long step) => Path.Combine(FolderOf(path, step), Model);

    /// <summary>SHA-256 of the flat vector of a step's weights, as lower-case hexadecimal, as the checkpoint states it.</summary>
    /// <exception cref="IOException">There is no such checkpoint, or it cannot be read.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is damaged.</exception>
    public static string WeightsSha256Of(string path, long step) =>
        CheckpointRecord.ReadWeightsSha256(File.ReadAllBytes(Path.Combine(FolderOf(path, step), State)));

    private static string FolderOf(string path, long step) => Path.Combine(path, step.ToString(CultureInfo.InvariantCulture));

    private string FolderOf(long step) => FolderOf(_path, step);

    private void WriteFiles(string folder, TrainingState state, IReadOnlyList<StepRecord> records)
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["vaecluster.run"] = _plan.RunId,
            ["vaecluster.step"] = state.Step.ToString(CultureInfo.InvariantCulture),
        };
        SafetensorsFile.Write(Path.Combine(folder, Model), _layout, state.Weights, metadata);
        // Scales of a run that compressed otherwise, which this one continues, are of no use to it: it begins without.
        var scales = state.Scales.Length == _scalesLength ? state.Scales : new byte[_scalesLength];
        SafetensorsFile.Write(Path.Combine(folder, Optimizer), OptimizerLayout(), [.. state.Optimizer, scales], metadata);
        var record = new CheckpointRecord
        {
            FormatVersion = CheckpointRecord.CurrentVersion,
            Step = state.Step,
            Updates = state.Updates,
            Epoch = _schedule.EpochOf(Math.Min(state.Step, _schedule.StepCount - 1)) + 1,
            StepInEpoch = state.Step % _schedule.StepsPerEpoch,
            WeightsSha256 = SafetensorsFile.Sha256(state.Weights),
            Plan = _plan,
            Records = records,
        };
        AtomicFile.Write(Path.Combine(folder, State), record.ToJson());
        var sums = new StringBuilder();
        foreach (var name in (string[])[Model, Optimizer, State])
            sums.Append(CultureInfo.InvariantCulture, $"{HashOf(Path.Combine(folder, name))}  {name}\n");
        AtomicFile.Write(Path.Combine(folder, Sums), Encoding.ASCII.GetBytes(sums.ToString()));
    }

    /// <summary>A step that was replayed may be there already: the old one, which may be damaged, makes room.</summary>
    private static void Place(string beside, string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.Move(beside, folder);
            return;
        }
        var old = $"{folder}-{Guid.NewGuid():N}{Partial}";
        Directory.Move(folder, old);
        Directory.Move(beside, folder);
        Directory.Delete(old, recursive: true);
    }

    private static void CheckSums(string folder)
    {
        var lines = File.ReadAllLines(Path.Combine(folder, Sums));
        foreach (var name in (string[])[Model, Optimizer, State])
        {
            var expected = Array.Find(lines, line => line.EndsWith("  " + name, StringComparison.Ordinal))?.Split(' ')[0]
                ?? throw new InvalidDataException($"{Sums} does not name {name}.");
            var found = HashOf(Path.Combine(folder, name));
            if (found != expected)
                throw new InvalidDataException($"{name} has the SHA-256 {found}; {Sums} says {expected}.");
        }
    }

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>
    /// Every kind of state of every parameter, named as in <c>exp_avg.encoder.0.weight</c>, and the scales of gradients where the run has some.
    /// </summary>
    private ParameterLayout OptimizerLayout()
    {
        var state = _stateNames.SelectMany(name =>
            _layout.Slots.Where(slot => !slot.IsBuffer).Select(slot => ($"{name}.{slot.Name}", slot.Shape, false)));
        return new ParameterLayout(_scalesLength == 0 ? state : state.Append((Scales, [_scalesLength / sizeof(float)], false)));
    }
}
