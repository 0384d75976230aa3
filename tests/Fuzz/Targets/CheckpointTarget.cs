using System.Security.Cryptography;
using System.Text;
using CsCheck;
using VaeCluster.Contracts;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Tests.Support;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Checkpoints with one file changed, half of them with hashes that say that it is right.</summary>
internal sealed class CheckpointTarget : FuzzTarget
{
    private static readonly string[] Names = ["state.json", "model.safetensors", "optimizer.safetensors", "SHA256SUMS"];

    private readonly CheckpointFolder _checkpoints;
    private readonly Dictionary<string, byte[]> _valid;

    public CheckpointTarget()
        : base("checkpoint", 1)
    {
        var spec = ASpec.With("model.hidden=[3]", "model.latent=1");
        var plan = new RunPlan { RunId = "fuzzed-1", SpecJson = RunSpecReader.Write(spec), Data = new DataDescription(1, 2, 2, 8, 0, "") };
        var layout = ModelLayout.Of(spec, plan.Data);
        _checkpoints = new CheckpointFolder(Folder.Path, plan, spec, layout);
        byte[][] weights = [.. Enumerable.Range(0, layout.PartCount).Select(part => new byte[4 * layout.PartAt(part).Length])];
        var optimizer = new byte[4 * layout.ParameterLength];
        _checkpoints.Write(new Checkpoint(new TrainingState { Step = 0, Updates = 0, Weights = weights, Optimizer = [optimizer, optimizer] }, []), keep: 1);
        _valid = Names.ToDictionary(name => name, name => File.ReadAllBytes(PathOf(name)));
    }

    /// <summary>The file, whether its hash is to be right, and its content.</summary>
    public override byte[] Make(PCG random)
    {
        var file = random.Below(Names.Length);
        return [(byte)file, (byte)random.Below(2), .. random.Mutate(_valid[Names[file]])];
    }

    public override void Run(byte[] content)
    {
        var (name, changed) = (Names[content[0]], content[2..]);
        try
        {
            File.WriteAllBytes(PathOf(name), changed);
            if (content[1] == 1)
                File.WriteAllText(PathOf("SHA256SUMS"), Encoding.UTF8.GetString(_valid["SHA256SUMS"]).Replace(HashOf(_valid[name]), HashOf(changed), StringComparison.Ordinal));
            _checkpoints.ReadNewest([]);
        }
        finally
        {
            foreach (var (valid, bytes) in _valid)
                File.WriteAllBytes(PathOf(valid), bytes);
        }
    }

    /// <summary>Damage is a sentence in the list; another version is not passed over.</summary>
    public override bool IsDocumented(Exception e) => e is FormatVersionException;

    private string PathOf(string name) => Path.Combine(Folder.Path, "0", name);

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
