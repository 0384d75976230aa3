using Microsoft.Extensions.Options;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Storage;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Tests.Trainers;

/// <summary>Which weights a run has on the disk.</summary>
public sealed class RunWeightsTests : IDisposable
{
    private static readonly RunSnapshot Run = new() { RunId = "run-1", Phase = RunPhase.Running, SpecJson = "{}", Data = new(1, 2, 2, 4, 0, "") };

    private readonly string _dataDir = Directory.CreateTempSubdirectory("weights-").FullName;
    private readonly RunWeights _weights;

    public RunWeightsTests() => _weights = new(new RunFiles(Options.Create(new DataDirectoryOptions { Path = _dataDir })));

    public void Dispose() => Directory.Delete(_dataDir, recursive: true);

    [Fact]
    public void Find_WithoutACheckpoint_SaysThatThereIsNone()
    {
        Directory.CreateDirectory(Folder("20-0123.partial"));
        Directory.CreateDirectory(Folder("0"));

        Assert.StartsWith("Run 'run-1' is Running at step 0 and has written no checkpoint yet", Assert.Throws<InvalidOperationException>(() => _weights.Find(Run, 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Run 'run-1' has no weights of step 20; there are no checkpoints.", Assert.Throws<InvalidOperationException>(() => _weights.Find(Run, 20)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_OfADamagedCheckpoint_SaysWhichOthersThereAre()
    {
        Directory.CreateDirectory(Folder("10"));
        Directory.CreateDirectory(Folder("20"));
        File.WriteAllText(Path.Combine(Folder("20"), "state.json"), "{");

        var refused = Assert.Throws<InvalidOperationException>(() => _weights.Find(Run, 0));

        Assert.StartsWith("The checkpoint of step 20 of run 'run-1' is damaged: ", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("The run keeps those of 20, 10; name another step.", refused.Message, StringComparison.Ordinal);
    }

    private string Folder(string step) => Path.Combine(_dataDir, "runs", "run-1", "checkpoints", step);
}
