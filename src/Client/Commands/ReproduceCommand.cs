using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using VaeCluster.Client.Datasets;
using VaeCluster.Client.Output;
using VaeCluster.Client.Reproductions;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl reproduce</c>.</summary>
internal static class ReproduceCommand
{
    /// <summary>The digits that all of them train on.</summary>
    private const string Dataset = "mnist";

    private const string TestImages = "t10k-images-idx3-ubyte.gz";

    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var name = new Argument<string?>("name")
        {
            Description = "The figure to reproduce; without it, the figures are listed.",
            HelpName = "name",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.AcceptOnlyFromAmong([.. KnownReproductions.All.Select(one => one.Name)]);
        var folder = new Option<string>("--data")
        {
            Description = "Folder of the digits, as this machine and the silos see it. Missing files are fetched.",
            HelpName = "folder",
            DefaultValueFactory = _ => Path.Combine("data", Dataset),
        };
        var seed = new Option<long>("--seed") { Description = "Seed of the run.", DefaultValueFactory = _ => 1 };
        var command = new Verb(
            "reproduce",
            "Trains the model of a published figure, evaluates it the same way, and reports whether the figure is reproduced.",
            "vaectl reproduce",
            "vaectl reproduce mnist-mlp --data /data/mnist",
            "vaectl reproduce burda-vae-k1 --data /data/mnist --seed 2") { name, folder, seed };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.Get(name) is { } asked
                ? ReproduceAsync(
                    invocation,
                    KnownReproductions.All.Single(one => one.Name == asked),
                    invocation.Get(folder),
                    invocation.Get(seed),
                    cancellationToken)
                : Task.FromResult(List(invocation));
        });
        return command;
    }

    private static int List(Invocation invocation)
    {
        if (!invocation.IsJson)
            KnownReproductions.All.ToList().ForEach(one => Describe(invocation, one));
        else
            foreach (var (one, expected) in KnownReproductions.All.SelectMany(one => one.Expected.Select(expected => (one, expected))))
                invocation.WriteLine(JsonSerializer.Serialize(new
                {
                    name = one.Name,
                    title = one.Title,
                    figure = one.NameOf(expected.Figure),
                    low = expected.Low,
                    high = expected.High,
                    needs_full_set = one.NeedsFullSet,
                }));
        return ExitCode.Success;
    }

    private static void Describe(Invocation invocation, Reproduction one)
    {
        invocation.WriteLine($"{one.Name}: {one.Title}");
        invocation.WriteLine(
            "  data      "
                + (one.NeedsFullSet
                    ? "all seventy thousand digits: 60,000 for training, the published 10,000 for evaluation"
                    : "the test file's ten thousand digits: 9,000 for training, 1,000 for evaluation"));
        invocation.WriteLine($"  schedule  {one.Schedule}");
        invocation.WriteLine(
            $"  expected  {string.Join(", ", one.Expected.Select(expected => $"{one.NameOf(expected.Figure)} of {expected.Range}"))}: {one.Why}");
    }

    private static async Task<int> ReproduceAsync(Invocation invocation, Reproduction one, string folder, long seed, CancellationToken cancellationToken)
    {
        if (!invocation.IsJson)
            Describe(invocation, one);
        var path = Path.GetFullPath(folder);
        var fetched = await invocation.RunAsync(async () =>
        {
            await FetchMissingAsync(invocation, one, path, cancellationToken);
            return ExitCode.Success;
        });
        return fetched != ExitCode.Success ? fetched : await invocation.CallAsync(client => RunAsync(invocation, client, one, path, seed, cancellationToken));
    }

    private static async Task FetchMissingAsync(Invocation invocation, Reproduction one, string folder, CancellationToken cancellationToken)
    {
        var dataset = PublicDataset.All.Single(known => known.Name == Dataset);
        var needed = dataset.Files.Where(file =>
            file.Name == TestImages || (one.NeedsFullSet && file.Name.Contains("images", StringComparison.Ordinal)));
        var missing = needed.Where(file => !File.Exists(Path.Combine(folder, file.Name))).ToList();
        if (missing.Count == 0)
            return;
        await invocation.Terminal.Error.WriteLineAsync(
            $"vaectl: {string.Join(" and ", missing.Select(file => file.Name))} {(missing.Count == 1 ? "is" : "are")} not in {folder}; fetching.");
        using var downloader = new FileDownloader();
        foreach (var file in missing)
            await downloader.FetchAsync(file, dataset.Addresses, folder, new DownloadProgress(invocation.Terminal, file), cancellationToken);
    }

    private static async Task<int> RunAsync(
        Invocation invocation,
        VaeClusterClient client,
        Reproduction one,
        string folder,
        long seed,
        CancellationToken cancellationToken)
    {
        var request = new SubmitRequest { Spec = string.Create(CultureInfo.InvariantCulture, $"name: {one.Name}\nseed: {seed}\n") };
        // A folder with both files would be read as the train file, so the test file is named itself.
        request.Overrides.AddRange([.. one.Settings, $"data.path={(one.NeedsFullSet ? folder : Path.Combine(folder, TestImages))}"]);
        var run = await client.Runs.SubmitAsync(request, cancellationToken: cancellationToken);
        var watched = await RunWatcher.WatchAsync(invocation, client, run.RunId, cancellationToken);
        if (watched != ExitCode.Success)
            return watched;
        var results = (await client.Runs.GetAsync(new GetRunRequest { RunId = run.RunId }, cancellationToken: cancellationToken)).Results;
        var likelihood = one.Samples == 0 ? double.NaN : await LikelihoodAsync(invocation, client, run.RunId, one.Samples, cancellationToken);
        // All of them are reported, whatever the first gave.
        var passed = one.Expected.Select(expected => Compare(invocation, one, run.RunId, expected, expected.Of(results, likelihood))).ToList();
        return passed.TrueForAll(holds => holds) ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<double> LikelihoodAsync(
        Invocation invocation,
        VaeClusterClient client,
        string runId,
        int samples,
        CancellationToken cancellationToken)
    {
        using var call = client.Models.Evaluate(new EvaluateRequest { Model = new ModelRef { RunId = runId }, Samples = samples },
            cancellationToken: cancellationToken);
        var found = double.NaN;
        await foreach (var progress in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (progress.Report is { } report)
                found = report.NegativeLogLikelihood;
            else
                await invocation.Terminal.Error.WriteLineAsync($"vaectl: {EvaluationText.Of(progress)}");
        }
        return found;
    }

    private static bool Compare(Invocation invocation, Reproduction one, string runId, Expectation expected, double found)
    {
        var (figure, passes) = (one.NameOf(expected.Figure), expected.Holds(found));
        if (invocation.IsJson)
            invocation.WriteLine(JsonSerializer.Serialize(new
            {
                name = one.Name,
                run_id = runId,
                figure,
                found = double.IsFinite(found) ? found : (double?)null,
                low = expected.Low,
                high = expected.High,
                passes,
            }));
        else
            invocation.WriteLine($"{one.Name}: {figure} is {expected.Write(found)}; expected {expected.Range}: {(passes ? "pass" : "fail")}");
        return passes;
    }
}
