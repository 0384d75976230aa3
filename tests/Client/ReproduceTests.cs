using System.Text.Json;
using VaeCluster.Client.Reproductions;
using VaeCluster.Client.Tests.Fakes;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Client.Tests;

public sealed class ReproduceTests
{
    public static TheoryData<string> Names { get; } = [.. KnownReproductions.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Settings_OfEachFigure_AreAValidSpec(string name)
    {
        var one = KnownReproductions.All.Single(known => known.Name == name);

        var result = RunSpecReader.Read($"name: {name}", [.. one.Settings, "data.path=/data/mnist"]);

        Assert.True(result.IsValid, string.Join('\n', result.Errors));
        Assert.NotEmpty(one.Expected);
        Assert.All(one.Expected, expected => Assert.True(expected.Low < expected.High, $"{expected} is no range."));
        Assert.Equal(one.Samples > 0, one.Expected.Any(expected => expected.Figure == Figure.NegativeLogLikelihood));
        Assert.All(one.Expected.Where(expected => expected.Figure == Figure.SquaredError), _ => Assert.Equal(0.5, Math.Pow(result.Spec.Objective.Sigma, 2), 1e-12));
        Assert.Equal(one.NeedsFullSet, result.Spec.Data.Files == IdxFiles.All);
    }

    [Fact]
    public void Burda_TrainsTheEpochsOfThePaper()
    {
        var spec = RunSpecReader.Read("name: x", [.. KnownReproductions.All.Single(one => one.Name == "burda-vae-k1").Settings, "data.path=x"]).Spec!;

        Assert.Equal(Enumerable.Range(0, 8).Sum(stage => (int)Math.Pow(3, stage)), spec.Training.Epochs);
        Assert.Equal(Math.Pow(10, -1.0 / 7), spec.Optimizer.Schedule.StepFactor, 12);
        Assert.Equal((3, 50, "200 200"), (spec.Optimizer.Schedule.StepGrowth, spec.Model.Latent, string.Join(' ', spec.Model.Hidden!)));
    }

    [Fact]
    public async Task Reproduce_WithoutAName_ListsTheFigures()
    {
        var result = await VaectlResult.OfAsync("reproduce");

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.All(KnownReproductions.All, one => Assert.Contains($"{one.Name}: {one.Title}", result.Output, StringComparison.Ordinal));
        Assert.Contains("  expected  -log p(x) with 5000 importance samples of 86.26 to 87.26 nats: the paper's 86.76, within 0.5", result.Lines);
    }

    [Theory]
    [InlineData(-116.26, 0, "mnist-mlp: test -ELBO is 116.26 nats; expected 115.50 to 117.40 nats: pass")]
    [InlineData(-118, 1, "mnist-mlp: test -ELBO is 118.00 nats; expected 115.50 to 117.40 nats: fail")]
    [InlineData(double.NaN, 1, "mnist-mlp: test -ELBO is NaN nats; expected 115.50 to 117.40 nats: fail")]
    public async Task Reproduce_OfAnElbo_SaysWhetherItCameOut(double elbo, int exitCode, string outcome)
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var folder = new DigitsFolder();
        cluster.Answers.Run = Samples.Succeeded.Clone();
        cluster.Answers.Run.Results.TestElboNats = elbo;

        var result = await cluster.RunAsync("reproduce", "mnist-mlp", "--data", folder.Path, "--seed", "7");

        Assert.Equal((exitCode, outcome), (result.ExitCode, result.Lines[^1]));
    }

    [Theory]
    [InlineData(489.0, 18.0, 0, "pass", "pass")]
    [InlineData(489.0, 22.0, 1, "pass", "fail")]
    [InlineData(491.0, 18.0, 1, "fail", "pass")]
    public async Task Reproduce_OfTwoFigures_ReportsBoth(double reconstruction, double kl, int exitCode, string squaredError, string regularization)
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var folder = new DigitsFolder();
        cluster.Answers.Run = Samples.Succeeded.Clone();
        (cluster.Answers.Run.Results.TestReconstructionNats, cluster.Answers.Run.Results.TestKlNats) = (reconstruction, kl);

        var result = await cluster.RunAsync("reproduce", "mnist-conv28-2d-squares", "--data", folder.Path);

        // 784 (log sigma + 1/2 log 2 pi) = 448.732 at sigma^2 = 1/2.
        Assert.Equal(
            [
                $"mnist-conv28-2d-squares: test squared error is {reconstruction - 448.732:F2}; expected 38.50 to 41.50: {squaredError}",
                $"mnist-conv28-2d-squares: test KL is {kl:F2} nats; expected 14.40 to 21.70 nats: {regularization}",
            ],
            result.Lines.TakeLast(2));
        Assert.Equal(exitCode, result.ExitCode);
    }

    [Fact]
    public async Task Reproduce_AsJson_GivesALineForEachFigure_AndNullForNoNumber()
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var folder = new DigitsFolder();
        cluster.Answers.Run = Samples.Succeeded.Clone();
        cluster.Answers.Run.Results.TestKlNats = double.NaN;

        var result = await cluster.RunAsync("reproduce", "mnist-conv28-2d-squares", "--data", folder.Path, "-o", "json");

        using var kl = JsonDocument.Parse(result.Lines[^1]);
        Assert.Equal(("test KL", JsonValueKind.Null, false), (kl.RootElement.GetProperty("figure").GetString(), kl.RootElement.GetProperty("found").ValueKind, kl.RootElement.GetProperty("passes").GetBoolean()));
        Assert.Contains("\"figure\":\"test squared error\"", result.Lines[^2], StringComparison.Ordinal);
    }

    /// <summary>A folder with a file where the digits would be, so that nothing is fetched.</summary>
    private sealed class DigitsFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("digits-");

        public DigitsFolder() => File.WriteAllText(System.IO.Path.Combine(Path, "t10k-images-idx3-ubyte.gz"), "");

        public string Path => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
