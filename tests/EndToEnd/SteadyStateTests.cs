using System.Globalization;
using System.Text.RegularExpressions;
using VaeCluster.Contracts.V1;

namespace VaeCluster.EndToEnd;

/// <summary>What a silo that trains allocates and keeps, once it has trained for a while.</summary>
public sealed class SteadyStateTests
{
    private const string AllocatedBytes = "dotnet_gc_heap_total_allocated_bytes_total";
    private const string WorkingSet = "dotnet_process_memory_working_set_bytes";

    /// <summary>Bytes of the weights of 784-512-20, and of a gradient.</summary>
    private const long PayloadBytes = 4L * ((2 * 784 * 512) + 512 + (2 * 512 * 20) + 40 + (20 * 512) + 512 + 784);

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Step_OfTwoSilos_AllocatesNothingOfItsPayloadsSize_AndKeepsNothing(int parameterServers)
    {
        await using var silos = new SiloGroup();
        await silos.AddAsync("silo-0", "cpu:1");
        await silos.AddAsync("silo-1", "cpu:1");
        var run = await silos.Silos[0].Cluster.Runs.SubmitAsync(
            new SubmitRequest
            {
                Spec = "name: steady",
                Overrides =
                {
                    "data.count=2000", "data.test=0", "data.imageSize=28", "model.hidden=[512]", "model.latent=20", "training.epochs=100000", "training.batch=16", "training.shards=2",
                    "checkpoint.every=0", "resources.trainers.min=2", "resources.trainers.max=2", $"resources.parameterServers={parameterServers}",
                },
            },
            cancellationToken: TestContext.Current.CancellationToken);
        await StepAsync(silos.Silos[0], run.RunId, 200);

        var before = await Task.WhenAll(silos.Silos.Select(ReadAsync));
        var begun = await StepAsync(silos.Silos[0], run.RunId, 201);
        var ended = await StepAsync(silos.Silos[0], run.RunId, begun + 300);
        var after = await Task.WhenAll(silos.Silos.Select(ReadAsync));

        foreach (var (start, end) in before.Zip(after))
        {
            var perStep = (end.Allocated - start.Allocated) / (ended - begun);
            Assert.True(perStep < PayloadBytes / 8, $"A step allocates {perStep:F0} bytes; its weights have {PayloadBytes}.");
            Assert.True(end.Resident - start.Resident < 64 << 20, $"The memory grew from {start.Resident:F0} to {end.Resident:F0} bytes in {ended - begun} steps.");
        }
    }

    /// <summary>The step of a run, as soon as it is as far as this.</summary>
    private static async Task<long> StepAsync(SiloProcess silo, string runId, long step)
    {
        var found = 0L;
        await Eventually.GetAsync<object>(
            $"step {step} of run {runId}",
            async () => await RunCalls.GetAsync(silo, runId) is { } run && (found = run.Progress.Step) >= step ? run : null,
            WaitTimeout);
        return found;
    }

    private static async Task<(double Allocated, double Resident)> ReadAsync(SiloProcess silo)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri($"http://127.0.0.1:{silo.HttpPort}/metrics"), TestContext.Current.CancellationToken);
        return (ValueOf(text, AllocatedBytes), ValueOf(text, WorkingSet));
    }

    private static double ValueOf(string metrics, string name)
    {
        var line = Regex.Match(metrics, $@"^{name}(?:\{{[^}}]*\}})? (\S+)", RegexOptions.Multiline);
        Assert.True(line.Success, $"The silo reports no {name}.");
        return double.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
