using Microsoft.Extensions.Options;

namespace VaeCluster.Grains.Storage;

/// <summary>The files of the runs below the data directory.</summary>
public sealed class RunFiles
{
    /// <summary>Below the directory that the options name.</summary>
    public RunFiles(IOptions<DataDirectoryOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Root = Path.GetFullPath(options.Value.Path);
    }

    /// <summary>The data directory, as an absolute path.</summary>
    public string Root { get; }

    /// <summary>The folder of one run.</summary>
    public string Folder(string runId) => Path.Combine(Root, "runs", Checked(runId));

    /// <summary>The folder of the files that a run leaves for people.</summary>
    public string Artifacts(string runId) => Path.Combine(Folder(runId), "artifacts");

    /// <summary>One line a logged step.</summary>
    public string Metrics(string runId) => Path.Combine(Folder(runId), "metrics.jsonl");

    /// <summary>The folder of its checkpoints.</summary>
    public string Checkpoints(string runId) => Path.Combine(Folder(runId), "checkpoints");

    /// <summary>The folder of its copy of the checkpoint that it goes on from, where it began with another run's.</summary>
    public string Origin(string runId) => Path.Combine(Folder(runId), "origin");

    /// <summary>One line a step: what was used, who computed it, and a chain of hashes.</summary>
    public string Ledger(string runId) => Path.Combine(Folder(runId), "ledger.jsonl");

    /// <summary>The model that the run ends with.</summary>
    public string Model(string runId) => Path.Combine(Artifacts(runId), "model.safetensors");

    /// <summary>The folder of the forms in which the weights of a checkpoint were taken away.</summary>
    public string Exports(string runId, long step) => Path.Combine(Artifacts(runId), "exports", $"{step}");

    /// <summary>An evaluation of the weights of a step.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="step">The step.</param>
    /// <param name="samples">Importance samples, of one that was asked for; null for one that the run's spec made.</param>
    public string Evaluation(string runId, long step, int? samples = null) =>
        Path.Combine(Evaluations(runId), samples is null ? $"{step}.json" : $"{step}-k{samples}.json");

    /// <summary>The folder of a run's evaluations.</summary>
    public string Evaluations(string runId) => Path.Combine(Artifacts(runId), "evaluations");

    /// <summary>A run id names a folder, so what could lead out of it is refused.</summary>
    private static string Checked(string runId)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        var isSafe = runId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && runId.Length <= 80;
        return isSafe ? runId : throw new ArgumentException($"'{runId}' is not a run id: up to 80 letters, digits, dashes and underscores.", nameof(runId));
    }
}
