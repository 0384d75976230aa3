using System.Text;
using System.Text.Json;
using CsCheck;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Texts that the cluster wrote and reads again: the canonical spec and the lines of metrics.</summary>
internal sealed class JsonTarget() : FuzzTarget("json", 0.5)
{
    private static readonly byte[] Spec = Encoding.UTF8.GetBytes(RunSpecReader.Write(new RunSpec()));
    private static readonly byte[] Line = Encoding.UTF8.GetBytes(new MetricsLine { Step = 5, Epoch = 1, Elbo = -1.5 }.ToJson());

    public override byte[] Make(PCG random) => random.Below(2) == 0 ? [0, .. random.Mutate(Spec)] : [1, .. random.Mutate(Line)];

    public override void Run(byte[] content)
    {
        var text = Encoding.UTF8.GetString(content.AsSpan(1));
        if (content[0] == 0)
            RunSpecReader.ReadCanonical(text);
        else
            MetricsLine.Parse(text);
    }

    public override bool IsDocumented(Exception e) => e is InvalidOperationException or JsonException;
}
