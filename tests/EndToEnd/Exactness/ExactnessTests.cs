using System.Globalization;
using System.Text.RegularExpressions;
using VaeCluster.Contracts.V1;

namespace VaeCluster.EndToEnd.Exactness;

/// <summary>One spec, trained by silo processes that divide the work in different ways: the weights must be the same bits.</summary>
public sealed partial class ExactnessTests
{
    /// <summary>Four shards for whoever trains; neither a batch nor the last one of an epoch divides into them evenly.</summary>
    private static readonly string[] Shapes =
    [
        "data.source=shapes", "data.count=1230", "data.test=200", "data.imageSize=16", "model.hidden=[64]", "model.latent=4", "training.epochs=5", "training.batch=50", "training.shards=4",
    ];

    private static readonly string[] Digits =
    [
        "data.source=idx", $"data.path={BuiltRepository.Digits}", "data.train=1030", "data.test=200", "training.epochs=3", "training.batch=50", "training.shards=4",
    ];

    /// <summary>Twenty-one batches an epoch: five exchanges after four local steps, and one after the short batch that is left.</summary>
    private static readonly string[] LocalSteps = [.. Shapes, "training.localSteps=4"];

    /// <summary>Each way to compress gradients: other weights than without, and again the same for every division.</summary>
    private static readonly (string Name, string[] Overrides)[] Compressed =
        [.. ((string[])["bf16", "fp16", "int8"]).Select(kind => (kind, (string[])[.. Shapes, $"training.compression={kind}"]))];

    /// <summary>Weights of four parts with one, two and four owners: all of the same bits.</summary>
    private static readonly (string Name, string[] Overrides)[] Partitioned =
    [
        .. ((int[])[1, 2, 4]).Select(owners =>
            ($"wide-{owners}", (string[])[.. Shapes, "model.hidden=[1600]", "training.epochs=1", $"resources.parameterServers={owners}"])),
    ];

    /// <summary>The corners of the matrix.</summary>
    [Fact]
    public async Task Weights_OfOneTrainer_AreThoseOfThreeInTwoProcesses_AndOfFourInThree()
    {
        Assert.True(await CompareAsync([new(1, 1), new(3, 2), new(4, 3)], [("shapes", Shapes), ("local", LocalSteps)]));
    }

    /// <summary>The corners of the matrix, with what is rounded most.</summary>
    [Fact]
    public async Task Weights_OfACompressedRun_AreThoseOfThreeInTwoProcesses_AndOfFourInThree()
    {
        Assert.True(await CompareAsync([new(1, 1), new(3, 2), new(4, 3)], [Compressed[^1]]));
    }

    /// <summary>The whole matrix, which <c>make exact</c> runs.</summary>
    [Fact(Explicit = true)]
    public async Task Weights_OfEveryDivision_AreTheSameBits()
    {
        var sources = new List<(string, string[])> { ("shapes", Shapes), ("local", LocalSteps) };
        if (BuiltRepository.Digits is not null)
            sources.Add(("digits", Digits));
        sources.AddRange(Compressed);
        sources.AddRange(Partitioned);

        Assert.True(await CompareAsync(Division.All, sources), "The weights differ; the table says where.");
    }

    /// <summary>
    /// Trains every source on every division, prints a table, and says whether all the weights of a source are alike, whatever follows a dash in its name.
    /// </summary>
    private static async Task<bool> CompareAsync(IEnumerable<Division> divisions, IReadOnlyList<(string Name, string[] Overrides)> sources)
    {
        var found = new List<(string Source, string Weights)>();
        await WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{"data",-8} {"trainers",8} {"processes",9} {"seconds",8} {"test ELBO",10}  weights SHA-256"));
        foreach (var division in divisions)
        {
            await using var cluster = await StartAsync(division);
            foreach (var (source, overrides) in sources)
            {
                var run = await TrainAsync(cluster.Silos[^1], source, overrides, division);
                found.Add((source, run.Results.WeightsSha256));
                var seconds = (run.EndedAt - run.StartedAt).ToTimeSpan().TotalSeconds;
                await WriteAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{source,-8} {division.Trainers,8} {division.Processes,9} {seconds,8:F1} {run.Results.TestElboNats,10:F3}  {run.Results.WeightsSha256}"));
            }
        }
        return found.GroupBy(result => result.Source.Split('-')[0], result => result.Weights).All(weights => weights.Distinct().Count() == 1);
    }

    private static async Task<Run> TrainAsync(SiloProcess silo, string source, string[] overrides, Division division)
    {
        var run = await RunCalls.RunAsync(silo, new SubmitRequest
        {
            Spec = $"name: {source}",
            Overrides = { overrides, $"resources.trainers.min={division.Trainers}", $"resources.trainers.max={division.Trainers}" },
        });
        // With fewer trainers, or trainers elsewhere, the table would say what was not done.
        foreach (var assigned in run.Conditions.Where(condition => condition.Reason is "Started" or "Reassigned"))
        {
            var devices = Device().Matches(assigned.Message);
            Assert.Equal(division.Trainers, devices.Count);
            Assert.Equal(division.Processes, devices.Select(device => device.Groups["silo"].Value).Distinct().Count());
        }
        return run;
    }

    private static async Task<SiloGroup> StartAsync(Division division)
    {
        var group = new SiloGroup();
        foreach (var (process, trainers) in division.TrainersOfProcesses.Index())
            await group.AddAsync($"silo-{process}", $"cpu:{trainers}");
        return group;
    }

    private static Task WriteAsync(string line) => Console.Out.WriteLineAsync(line);

    [GeneratedRegex(@"(?<silo>silo-\d+)/cpu:\d+")]
    private static partial Regex Device();
}
