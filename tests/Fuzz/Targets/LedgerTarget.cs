using CsCheck;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Ledger;
using VaeCluster.Tests.Support;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Ledgers that were changed. Whatever is in the file is a finding of the audit, never an exception.</summary>
internal sealed class LedgerTarget : FuzzTarget
{
    private const int StepCount = 6;

    private readonly RunPlan _plan;
    private readonly byte[] _valid;
    private readonly string _path;

    public LedgerTarget()
        : base("ledger", 1)
    {
        _path = Path.Combine(Folder.Path, "ledger.jsonl");
        var spec = ASpec.With("model.hidden=[3]", "model.latent=1", "training.epochs=2", "training.batch=4", "training.shards=2", "resources.trainers.max=2");
        _plan = new() { RunId = "tiny-1", SpecJson = RunSpecReader.Write(spec), Data = new(1, 2, 2, 10, 0, new string('d', 64)) };
        var log = LedgerLog.Open(_path, _plan);
        log.Append([.. Enumerable.Range(1, StepCount).Select(Record)], log.LastStep);
        _valid = File.ReadAllBytes(_path);
    }

    public override byte[] Make(PCG random) => random.Mutate(_valid);

    public override void Run(byte[] content)
    {
        File.WriteAllBytes(_path, content);
        LedgerAuditor.Audit(new LedgerSubject
        {
            Plan = _plan,
            Phase = RunPhase.Failed,
            AppliedSteps = StepCount,
            Results = null,
            LedgerPath = _path,
            CheckpointsPath = Path.Combine(Folder.Path, "checkpoints"),
            ModelPath = Path.Combine(Folder.Path, "model.safetensors"),
        });
    }

    public override bool IsDocumented(Exception e) => false;

    private static StepRecord Record(int step) => new()
    {
        Step = step,
        Losses = new LossSums(4, 1, 1),
        Blocks = [new(0, 1, "a/cpu:0"), new(1, 1, "b/cpu:0")],
        WeightsSha256 = "",
    };
}
