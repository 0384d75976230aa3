using VaeCluster.Client.Tests.Fakes;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Tests;

/// <summary><c>vaectl evaluate</c> against a fake cluster.</summary>
public sealed class EvaluateCommandTests : IAsyncLifetime
{
    private FakeCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await FakeCluster.StartAsync();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    private static Evaluation Report => new()
    {
        RunId = "r",
        Step = 710,
        Examples = 1000,
        Elbo = -52.7214,
        Reconstruction = 37.8264,
        Kl = 14.8952,
        Samples = 100,
        NegativeLogLikelihood = 49.4511,
        NegativeLogLikelihoodError = 0.359,
        ActiveUnits = 1,
        KlPerDimension = { 0.25, 14.645 },
        MeanVariances = { 0.005, 1.7 },
        AggregateMeans = { 0, -0.076 },
        AggregateVariances = { 0.9, 1.751 },
        AggregateExamples = 1000,
        MutualInformation = 6.79,
        MarginalKl = 8.104,
        MutualInformationGap = 0.08,
        FactorVaeScore = 0.5226,
        Factors = { new FactorScore { Name = "x", Dimension = 1, MutualInformation = 0.302, Gap = 0.08 } },
    };

    [Fact]
    public async Task Evaluate_SaysHowFarItIs_AndThenWhatWasFound()
    {
        _cluster.Answers.Evaluation.AddRange(
        [
            new EvaluationProgress { ShardCount = 2, Message = "The evaluation needs 1 device; the cluster has 1, 0 of them free." },
            new EvaluationProgress { ShardsDone = 1, ShardCount = 2, Devices = { "s/cpu:0", "s/cpu:1" } },
            new EvaluationProgress { ShardsDone = 2, ShardCount = 2, Report = Report },
        ]);

        var result = await _cluster.RunAsync("evaluate", "r", "-k", "100", "--step", "710");

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.Equal(new EvaluateRequest { Model = new ModelRef { RunId = "r", Step = 710 }, Samples = 100 }, Assert.Single(_cluster.Answers.ModelsAsked));
        Assert.Equal("vaectl: waiting: The evaluation needs 1 device; the cluster has 1, 0 of them free.\nvaectl: 1 of 2 shards evaluated, on s/cpu:0, s/cpu:1\n", result.Error);
        Assert.Equal(
        [
            "Run r, step 710, 1000 held-out examples (nats per example)",
            "  ELBO              -52.721 = -(reconstruction 37.826 + KL 14.895)",
            "  -log p(x)         49.451, standard error 0.359, 100 importance samples per example",
            "  Active units      1 of 2",
            "  I_q(x; z)         6.790 of at most 6.908, the logarithm of 1000 examples",
            "  KL(q(z) || p(z))  8.104",
            "  MIG               0.080",
            "    x               0.080, best dimension 1 with 0.302 nats",
            "  FactorVAE score   0.523",
            "Dimension      KL  variance of mean  aggregate mean  aggregate variance",
            "        1  14.645            1.7000          -0.076               1.751",
            "        0   0.250            0.0050           0.000               0.900",
        ], result.Lines);
    }

    [Fact]
    public async Task Evaluate_AsJson_IsTheReportOnOneLine_AndTakesAThousandSamplesByDefault()
    {
        _cluster.Answers.Evaluation.Add(new EvaluationProgress { Report = Report });

        var result = await _cluster.RunAsync("evaluate", "r", "-o", "json");

        Assert.Equal(Report, Google.Protobuf.JsonParser.Default.Parse<Evaluation>(Assert.Single(result.Lines)));
        Assert.Equal(1000, Assert.IsType<EvaluateRequest>(Assert.Single(_cluster.Answers.ModelsAsked)).Samples);
    }

    [Fact]
    public async Task Evaluate_OfAModelThatIsNoVae_SaysSo()
    {
        _cluster.Answers.Evaluation.Add(new EvaluationProgress { Report = new Evaluation { RunId = "ae-1", Step = 5, Examples = 10, Reconstruction = 3.5 } });

        var result = await _cluster.RunAsync("evaluate", "ae-1");

        Assert.Equal(
        [
            "Run ae-1, step 5, 10 held-out examples (nats per example)",
            "  Reconstruction    3.500",
            "  Regularization    0.000",
            "  The model is not a VAE: it has no posterior, so its likelihood and mutual information are not evaluated.",
        ], result.Lines);
    }

    [Fact]
    public async Task Evaluate_ThatEndsWithoutAReport_Fails()
    {
        var result = await _cluster.RunAsync("evaluate", "r");

        Assert.Equal((ExitCode.Failure, "vaectl: The silo ended the evaluation without a report. Run it again.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task History_IsATable_AndAsJsonALineAnEvaluation()
    {
        var none = await _cluster.RunAsync("evaluate", "r", "--history");
        _cluster.Answers.Evaluation.AddRange([new EvaluationProgress { Report = new Evaluation { RunId = "r", Step = 100, Elbo = -60 } }, new EvaluationProgress { Report = Report }]);

        var text = await _cluster.RunAsync("evaluate", "r", "--history");
        var json = await _cluster.RunAsync("evaluate", "r", "--history", "-o", "json");
        var ofOneStep = await _cluster.RunAsync("evaluate", "r@710", "--history", "-o", "json");

        Assert.Equal("Run r has not been evaluated. `vaectl evaluate r` evaluates it; evaluation.every in the spec evaluates a run while it trains.\n", none.Output);
        Assert.Equal(["STEP ELBO RECONSTRUCTION KL -LOG P(X) SAMPLES ACTIVE I(X;Z) MARGINAL KL MIG FACTORVAE", "100 -60.00 0.00 0.00 - 0 0/0 - - - -", "710 -52.72 37.83 14.90 49.45 100 1/2 6.79 8.10 0.080 0.523"], text.Lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal([100L, 710L], json.Lines.Select(line => Google.Protobuf.JsonParser.Default.Parse<Evaluation>(line).Step));
        Assert.Equal(json.Lines[1..], ofOneStep.Lines);
    }

    [Fact]
    public async Task History_OfMoreThanTheUsualMessageHolds_Comes()
    {
        var report = new Evaluation { RunId = "r", Step = 1, KlPerDimension = { Enumerable.Repeat(0.5, 5_000) } };
        _cluster.Answers.Evaluation.AddRange(Enumerable.Repeat(new EvaluationProgress { Report = report }, 120));

        var result = await _cluster.RunAsync("evaluate", "r", "--history");

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal(121, result.Lines.Length);
    }
}
