using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Ledger;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.Tests.Ledger;

/// <summary>The ledger of a run of two epochs over ten examples, four a step, which makes six steps; two devices share two shards.</summary>
internal sealed class ALedger : IDisposable
{
    public const int StepCount = 6;

    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-").FullName;

    public ALedger(params string[] overrides)
    {
        var spec = RunSpecReader.Read("name: tiny", ["model.hidden=[3]", "model.latent=1", "training.epochs=2", "training.batch=4", "training.shards=2", "resources.trainers.max=2", .. overrides]).Spec!;
        Plan = new() { RunId = "tiny-1", SpecJson = RunSpecReader.Write(spec), Data = new(1, 2, 2, 10, 0, new string('d', 64)) };
        var layout = ModelLayout.Of(spec, Plan.Data);
        var parts = Enumerable.Range(0, layout.PartCount).Select(part => new byte[4 * layout.PartAt(part).Length]).ToList();
        SafetensorsFile.Write(ModelPath, layout, parts, new Dictionary<string, string>());
        FinalSha256 = SafetensorsFile.Sha256(parts);
    }

    public RunPlan Plan { get; init; }

    public string Path => System.IO.Path.Combine(_folder, "ledger.jsonl");

    public string ModelPath => System.IO.Path.Combine(_folder, "model.safetensors");

    public string CheckpointsPath => System.IO.Path.Combine(_folder, "checkpoints");

    /// <summary>The hash of the weights in the file.</summary>
    public string FinalSha256 { get; }

    public string[] Lines
    {
        get => File.ReadAllLines(Path);
        set => File.WriteAllText(Path, string.Concat(value.Select(line => line + "\n")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public LedgerLog Open() => LedgerLog.Open(Path, Plan);

    /// <summary>What a parameter server would report of these steps.</summary>
    public StepRecord[] Records(int first = 1, int last = StepCount) => [.. Enumerable.Range(first, last - first + 1).Select(step => new StepRecord
    {
        Step = step,
        Losses = new LossSums(4, 1, 1),
        Blocks = [new(0, 1, "a/cpu:0"), new(1, 1, "b/cpu:0")],
        WeightsSha256 = step == StepCount ? FinalSha256 : "",
    })];

    /// <summary>Writes the ledger of the whole run.</summary>
    /// <returns>Its last chain value.</returns>
    public string Write(params StepRecord[] records)
    {
        var log = Open();
        Assert.Null(log.Append([.. records.Length == 0 ? Records() : records], log.LastStep));
        return log.Chain;
    }

    /// <summary>Computes the chain anew over what the lines say, as somebody would who wants to hide a change.</summary>
    public string Reseal()
    {
        var (lines, chain) = (Lines, "");
        for (var i = 0; i < lines.Length; i++)
        {
            var body = LedgerText.Split(lines[i])!.Value.Body;
            chain = LedgerText.ChainOf(chain, body);
            lines[i] = $"{body[..^1]},\"chain\":\"{chain}\"}}";
        }
        Lines = lines;
        return chain;
    }

    /// <summary>Audits the run as one that succeeded.</summary>
    public LedgerAudit Audit(string chain = "", RunPhase phase = RunPhase.Succeeded, long applied = StepCount, string? sha256 = null, RunPlan? plan = null) => LedgerAuditor.Audit(new()
    {
        Plan = plan ?? Plan,
        Phase = phase,
        AppliedSteps = applied,
        Results = phase == RunPhase.Succeeded ? new RunResults { WeightsSha256 = sha256 ?? FinalSha256, LedgerChain = chain } : null,
        LedgerPath = Path,
        CheckpointsPath = CheckpointsPath,
        ModelPath = ModelPath,
    });
}
