using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Runs;

namespace VaeCluster.Grains.Tests.Runs;

public sealed class MetricsLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("metrics-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "run", "metrics.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Append_WritesTheMeanOfEverySoManySteps_AndTheRestAtTheEnd()
    {
        var log = new MetricsLog(Path, every: 2, stepCount: 5, stepsPerEpoch: 3);

        await log.AppendAsync(Steps(1, 5));

        var lines = MetricsFile.Read(Path).ToList();
        Assert.Equal([2, 4, 5], lines.Select(line => line.Step));
        Assert.Equal([1, 2, 2], lines.Select(line => line.Epoch));
        // Steps 1 and 2 have sums of 100 and 200 nats over ten examples each.
        Assert.Equal(15, lines[0].Reconstruction, 12);
        Assert.Equal(1, lines[0].Kl, 12);
        Assert.Equal(-16, lines[0].Elbo, 12);
        Assert.Equal([20, 40, 50], lines.Select(line => line.Samples));
        Assert.Equal(40, lines[0].SamplesPerSecond, 9);
    }

    [Fact]
    public async Task Append_AfterAReplay_LeavesOutWhatIsThere()
    {
        await new MetricsLog(Path, 2, 6, 3).AppendAsync(Steps(1, 3));
        var before = await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken);
        var log = new MetricsLog(Path, 2, 6, 3);

        await log.AppendAsync(Steps(1, 6));

        var lines = MetricsFile.Read(Path).ToList();
        Assert.StartsWith(before, await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
        Assert.Equal([2, 4, 6], lines.Select(line => line.Step));
        Assert.Equal(60, lines[^1].Samples);
    }

    [Fact]
    public async Task Read_OfALineThatWasCutShort_LeavesItOut()
    {
        await new MetricsLog(Path, 2, 4, 3).AppendAsync(Steps(1, 4));
        await File.AppendAllTextAsync(Path, "{\"step\":6,\"epo", TestContext.Current.CancellationToken);

        Assert.Equal([2, 4], MetricsFile.Read(Path).Select(line => line.Step));
    }

    [Fact]
    public async Task Append_AfterALineThatWasCutShort_PutsTheWholeLineInItsPlace()
    {
        await new MetricsLog(Path, 2, 6, 3).AppendAsync(Steps(1, 4));
        await File.AppendAllTextAsync(Path, "{\"step\":6,\"epo", TestContext.Current.CancellationToken);

        await new MetricsLog(Path, 2, 6, 3).AppendAsync(Steps(5, 6));

        Assert.Equal([2, 4, 6], MetricsFile.Read(Path).Select(line => line.Step));
    }

    [Fact]
    public async Task Append_WhereTheFileCannotBeWritten_KeepsTheLinesForTheNextTry()
    {
        var log = new MetricsLog(Path, 2, 6, 3);
        // A folder in the place of the file stands for a disk that takes nothing.
        Directory.CreateDirectory(Path);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => log.AppendAsync(Steps(1, 4)));

        Assert.Equal(0, log.WrittenStep);
        Directory.Delete(Path);
        await log.AppendAsync(Steps(3, 6));
        Assert.Equal([2, 4, 6], MetricsFile.Read(Path).Select(line => line.Step));
        Assert.Equal(60, log.Latest!.Samples);
        Assert.Equal(6, log.WrittenStep);
    }

    [Fact]
    public async Task Append_CountsSkippedSteps()
    {
        var log = new MetricsLog(Path, 2, 2, 2);

        await log.AppendAsync(Steps(1, 2).Select(record => record with { Skipped = record.Step == 2 }));

        Assert.Equal(1, log.SkippedSteps);
        Assert.Equal(1, Assert.Single(MetricsFile.Read(Path)).SkippedSteps);
        Assert.Equal(1, new MetricsLog(Path, 2, 2, 2).SkippedSteps);
    }

    private static IEnumerable<StepRecord> Steps(int first, int last) => Enumerable.Range(first, last - first + 1).Select(step => new StepRecord
    {
        Step = step,
        Losses = new LossSums(10, 100 * step, 10),
        Seconds = 0.25,
    });
}
