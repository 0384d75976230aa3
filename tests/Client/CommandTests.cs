using Grpc.Core;
using VaeCluster.Client.Tests.Fakes;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Tests;

/// <summary>Every command against a server.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private FakeCluster _cluster = null!;

    private FakeAnswers Answers => _cluster.Answers;

    public async ValueTask InitializeAsync() => _cluster = await FakeCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Submit_FromStandardInput_SendsTheSpecAndTheOverridesInOrder()
    {
        Answers.Run = Samples.Pending;

        var result = await VaectlResult.OfAsync(["submit", "-", "--set", "training.epochs=5", "--set", "model.hidden=[8, 8]", "-s", _cluster.Address.ToString()], "name: x\n");

        Assert.Equal((ExitCode.Success, "Run mnist-1 was submitted. Follow it with: vaectl watch mnist-1\n", ""), (result.ExitCode, result.Output, result.Error));
        var request = Assert.Single(Answers.Submitted);
        Assert.Equal("name: x\n", request.Spec);
        Assert.Equal(["training.epochs=5", "model.hidden=[8, 8]"], request.Overrides);
    }

    [Fact]
    public async Task Submit_AsJson_PrintsTheRunOnOneLine()
    {
        var result = await VaectlResult.OfAsync(["submit", "-", "-o", "json", "-s", _cluster.Address.ToString()], "name: x");

        var parsed = Google.Protobuf.JsonParser.Default.Parse<Run>(Assert.Single(result.Lines));
        Assert.Equal(Samples.Succeeded, parsed);
        Assert.Contains("\"run_id\": \"mnist-1\", \"phase\": \"PHASE_SUCCEEDED\"", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_ThatIsRefused_ExitsWith2_AndSaysEachFaultOnALine()
    {
        Answers.Refusal = new Status(StatusCode.InvalidArgument, "line 3: a is 0. Do b.\nline 4: c is 1. Do d.");

        var result = await VaectlResult.OfAsync(["submit", "-", "-s", _cluster.Address.ToString()], "name: x");

        Assert.Equal((ExitCode.Usage, "", "vaectl: line 3: a is 0. Do b.\nvaectl: line 4: c is 1. Do d.\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData(StatusCode.NotFound, ExitCode.NotFound, "vaectl: Said.\n")]
    [InlineData(StatusCode.InvalidArgument, ExitCode.Usage, "vaectl: Said.\n")]
    [InlineData(StatusCode.Internal, ExitCode.Failure, "vaectl: Said. (Internal)\n")]
    [InlineData(StatusCode.FailedPrecondition, ExitCode.Failure, "vaectl: Said. (FailedPrecondition)\n")]
    public async Task Describe_ThatIsRefused_ExitsWithTheCodeOfTheStatus(StatusCode status, int exitCode, string error)
    {
        Answers.Refusal = new Status(status, "Said.");

        var result = await _cluster.RunAsync("describe", "mnist-1");

        Assert.Equal((exitCode, "", error), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Describe_OfASiloThatCannot_SaysSo_AndNotThatNobodyAnswers()
    {
        Answers.Refusal = new Status(StatusCode.Unavailable, "The registry did not answer.");

        var result = await _cluster.RunAsync("describe", "mnist-1");

        Assert.Equal((ExitCode.Unavailable, $"vaectl: The silo at {_cluster.Address} cannot do this now: The registry did not answer.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Describe_PrintsStateResultsConditionsAndSpec()
    {
        var result = await _cluster.RunAsync("describe", "mnist-1");

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.Equal(
        [
            "Run               mnist-1",
            "Phase             Succeeded",
            "Submitted         2026-03-04 05:06:07Z",
            "Started           2026-03-04 05:06:08Z",
            "Ended             2026-03-04 05:07:37Z",
            "Devices           silo-0/cpu:0, silo-1/cpu:0",
            "Parameters        820,004",
            "Artifacts         /data/runs/mnist-1/artifacts",
            "Progress (nats per example, mean over the last logged steps)",
            "  Step            200 of 200, epoch 4 of 4",
            "  ELBO            -120.126 = -(reconstruction 110.100 + KL 10.026)",
            "  Beta            1",
            "  Learning rate   0.001",
            "  Pace            2.0 steps/s, 256 samples/s",
            "Results (nats per example, beta 1)",
            "  Test ELBO       -100.500 = -(reconstruction 90.250 + KL 10.250)",
            "  Test examples   1000",
            "  Weights SHA-256 ab12",
            "Conditions",
            "  2026-03-04 05:06:07Z  Submitted          The run was accepted.",
            "  2026-03-04 05:06:08Z  Started            Training on silo-0/cpu:0 and silo-1/cpu:0.",
            "  2026-03-04 05:07:37Z  Completed          Test ELBO -100.50 nats.",
            "Spec",
            "  {",
            "    \"name\": \"mnist\"",
            "  }",
        ], result.Lines);
    }

    [Fact]
    public async Task Audit_OfAValidLedger_ExitsWith0_AndSaysWhatWasProven()
    {
        Answers.Audit = new AuditReport { RunId = "mnist-1", Valid = true, Steps = 200, StepCount = 200, EpochsProven = 4, EpochCount = 4, Examples = 6400, HashedSteps = 1, Finished = true, Devices = { new DeviceShare { Device = "silo-0/cpu:0", Shards = 400 } } };

        var text = await _cluster.RunAsync("audit", "mnist-1");
        var json = await _cluster.RunAsync("audit", "mnist-1", "-o", "json");

        Assert.Equal((ExitCode.Success, ""), (text.ExitCode, text.Error));
        Assert.Equal(
        [
            "The ledger of run mnist-1 is valid.",
            "  Steps     200 of 200, 1 with the hash of their weights",
            "  Epochs    4 of 4 verified to use each of 6400 examples once",
            "  Computed  400 gradients of shards by silo-0/cpu:0",
            "  Weights   the model, the run and the ledger have the same hash",
        ], text.Lines);
        Assert.Equal(Answers.Audit, Google.Protobuf.JsonParser.Default.Parse<AuditReport>(Assert.Single(json.Lines)));
    }

    [Theory]
    [InlineData("text", "  line 5, step 4: the epoch is 2; expected 1.")]
    [InlineData("json", "\"found\": \"2\"")]
    public async Task Audit_ThatFindsSomething_ExitsWith1_AndSaysWhatAndWhere(string output, string expected)
    {
        Answers.Audit = new AuditReport { RunId = "mnist-1", Findings = { new AuditFinding { Line = 5, Step = 4, What = "the epoch", Found = "2", Expected = "1" } }, FindingsLeftOut = 7 };

        var result = await _cluster.RunAsync("audit", "mnist-1", "-o", output);

        Assert.Equal((ExitCode.Failure, ""), (result.ExitCode, result.Error));
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_AsText_IsATable_AndAsJsonALineARun()
    {
        Answers.Runs.AddRange([Samples.Succeeded, new Run(Samples.Pending) { RunId = "later-2" }]);

        var text = await _cluster.RunAsync("list", "--phase", "succeeded", "--phase", "Pending");
        var json = await _cluster.RunAsync("list", "-o", "json");

        Assert.Equal(["RUN", "PHASE", "STEP", "ELBO", "TEST", "ELBO", "AGE", "DEVICES"], Words(text.Lines[0]));
        Assert.Equal(["mnist-1", "Succeeded", "200/200", "-120.13", "-100.50"], Words(text.Lines[1])[..5]);
        Assert.Equal(["later-2", "Pending", "-", "-", "-"], Words(text.Lines[2])[..5]);
        Assert.Equal([Phase.Succeeded, Phase.Pending], Answers.Listed[0].Phases);
        Assert.Equal(["mnist-1", "later-2"], json.Lines.Select(line => Google.Protobuf.JsonParser.Default.Parse<Run>(line).RunId));
    }

    [Fact]
    public async Task List_FollowsPages_AsFarAsTheLimitGoes()
    {
        Answers.Runs.AddRange(Enumerable.Range(1, 5).Select(i => new Run(Samples.Pending) { RunId = $"r-{i}" }));
        Answers.PageSize = 2;

        var all = await _cluster.RunAsync("list");
        var pages = Answers.Listed.Count;
        var some = await _cluster.RunAsync("list", "--limit", "2");

        Assert.Equal(["r-1", "r-2", "r-3", "r-4", "r-5"], all.Lines[1..6].Select(line => Words(line)[0]));
        Assert.Equal((3, 1), (pages, Answers.Listed.Count - pages));
        Assert.Contains("r-2", some.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("r-3", some.Output, StringComparison.Ordinal);
        Assert.Equal("vaectl: --limit is 0; it must be 1 or more.\n", (await _cluster.RunAsync("list", "--limit", "0")).Error);
    }

    [Fact]
    public async Task Lists_WithoutEntries_SayWhatToDo_AndAsJsonNothing()
    {
        Assert.Equal("The cluster has no runs. Submit one: vaectl submit examples/shapes-mlp.yaml --watch\n", (await _cluster.RunAsync("list")).Output);
        Assert.Equal("The cluster has no devices. Start a silo with --devices auto.\n", (await _cluster.RunAsync("devices")).Output);
        Assert.Equal("The run has no files yet.\n", (await _cluster.RunAsync("artifacts", "list", "mnist-1")).Output);
        Assert.Equal("", (await _cluster.RunAsync("list", "-o", "json")).Output);
    }

    [Fact]
    public async Task Devices_ListTheRunOfEach()
    {
        Answers.Devices.AddRange([new DeviceInfo { Id = "s/cuda:0", Kind = "cuda", RunId = "mnist-1", Description = "CUDA device 0 of [host]" }, new DeviceInfo { Id = "s/cuda:1", Kind = "cuda" }]);

        var result = await _cluster.RunAsync("devices");

        Assert.Equal(["DEVICE KIND RUN DESCRIPTION", "s/cuda:0 cuda mnist-1 CUDA device 0 of [host]", "s/cuda:1 cuda -"], result.Lines.Select(line => string.Join(' ', Words(line))));
    }

    [Fact]
    public async Task Logs_AsText_AreColumns_AndAsJsonTheLinesThemselves()
    {
        var line = new MetricsLine { Step = 10, Epoch = 1, Elbo = -100.456, Reconstruction = 90, Kl = 10.456, Beta = 0.5, LearningRate = 0.001, SamplesPerSecond = 1234 }.ToJson();
        Answers.LogLines.Add(line);

        var text = await _cluster.RunAsync("logs", "mnist-1", "--follow", "--after", "5");
        var json = await _cluster.RunAsync("logs", "mnist-1", "-o", "json");

        Assert.Equal("step 10 epoch 1 elbo -100.46 reconstruction 90.00 kl 10.46 beta 0.5 lr 0.001 1234 samples/s", string.Join(' ', Words(text.Lines.Single())));
        Assert.Equal(line, json.Lines.Single());
        Assert.Equal(new LogsRequest { RunId = "mnist-1", Follow = true, AfterStep = 5 }, Answers.LogsAsked[0]);
    }

    [Fact]
    public async Task Cancel_SaysHowTheRunEnded()
    {
        Answers.Run = Samples.Failed;

        var result = await _cluster.RunAsync("cancel", "mnist-1");

        Assert.Equal((ExitCode.Success, "Run mnist-1 is Failed. The loss of shard 1 was not finite at step 51.\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Version_NamesTheSiloThatAnswers()
    {
        var result = await _cluster.RunAsync("version");

        Assert.Equal("silo   9.8.7 (silo-4 of cluster c)", result.Lines[1]);
    }

    [Fact]
    public async Task Validate_WithRemote_ReportsWhatTheSiloFinds()
    {
        Answers.Validation = new ValidateResponse { Errors = { new FieldError { Path = "data.path", Problem = "data.path is /x; nothing is there.", Fix = "Put it there.", Line = 4 } } };

        var result = await VaectlResult.OfAsync(["validate", "-", "--remote", "-s", _cluster.Address.ToString()], "name: x");

        Assert.Equal((ExitCode.Usage, "vaectl: line 4: data.path is /x; nothing is there. Put it there.\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("model.kind=strided")]
    [InlineData("objective.bound=laplace")]
    [InlineData("data.source=checkers")]
    public async Task Validate_OfANameThatVaectlDoesNotKnow_AsksTheSilo(string setting)
    {
        Answers.Validation = new ValidateResponse { Spec = "the spec, as the silo completes it" };

        var result = await VaectlResult.OfAsync(["validate", "-", "-s", _cluster.Address.ToString(), "--set", setting], "name: x");

        Assert.Equal((ExitCode.Success, "the spec, as the silo completes it"), (result.ExitCode, Assert.Single(result.Lines)));
    }

    [Fact]
    public async Task Artifacts_AreListed_AndDownloadedWhole_WithTheirFolders()
    {
        Answers.Files["grid.png"] = [1, 2, 3, 4, 5, 6, 7];
        Answers.Files["sub/model.bin"] = new byte[1536];
        var folder = Directory.CreateTempSubdirectory("vaectl-tests-").FullName;

        var list = await _cluster.RunAsync("artifacts", "list", "mnist-1");
        var all = await _cluster.RunAsync("artifacts", "download", "mnist-1", "--to", folder);

        Assert.Equal(["NAME SIZE WRITTEN", "grid.png 7 B 2026-03-04 05:06:07Z", "sub/model.bin 1.5 KiB 2026-03-04 05:06:07Z"], list.Lines.Select(line => string.Join(' ', Words(line))));
        Assert.Equal([Path.Combine(folder, "grid.png"), Path.Combine(folder, "sub", "model.bin")], all.Lines);
        Assert.Equal(Answers.Files["grid.png"], await File.ReadAllBytesAsync(Path.Combine(folder, "grid.png"), TestContext.Current.CancellationToken));
        Assert.Equal(2, Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Download_OfAFileThatIsNotThere_ExitsWith3_AndLeavesNothingBehind()
    {
        var folder = Directory.CreateTempSubdirectory("vaectl-tests-").FullName;

        var result = await _cluster.RunAsync("artifacts", "download", "mnist-1", "nope", "--to", folder);

        Assert.Equal((ExitCode.NotFound, "vaectl: Run 'mnist-1' has no file 'nope'.\n"), (result.ExitCode, result.Error));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        Directory.Delete(folder);
    }

    [Fact]
    public async Task Download_OfANameThatLeadsOutOfTheFolder_IsRefused_EvenToOneThatBeginsTheSame()
    {
        var folder = Directory.CreateTempSubdirectory("vaectl-tests-").FullName;
        var outside = $"../{Path.GetFileName(folder)}-beside/x";
        Answers.Files[outside] = [1];

        var result = await _cluster.RunAsync("artifacts", "download", "mnist-1", "--to", folder);

        Assert.Equal((ExitCode.Failure, $"vaectl: The file '{outside}' would be written outside {folder}; it is not written.\n"), (result.ExitCode, result.Error));
        Assert.False(Directory.Exists(folder + "-beside"));
        Directory.Delete(folder);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
