using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl encode</c>.</summary>
internal static class EncodeCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var (run, split, step) = (ModelOptions.Run(), ModelOptions.Split(), ModelOptions.Step());
        var first = ModelOptions.Number("--first", "The first example of the split, counted from 0.", 0);
        var count = ModelOptions.Number("--count", "Number of examples; 0 for all.", 0);
        var to = new Option<string?>("--to")
        {
            Description = "File to write, .npy or .csv; both without an extension. Default: RUN-latent in this folder.",
            HelpName = "file",
        };
        var command = new Verb(
            "encode",
            "Writes the posteriors of examples: NAME.npy has the means, NAME-logvar.npy the log variances, NAME.csv both and the labels.",
            "vaectl encode mnist-mlp-1",
            "vaectl encode mnist-mlp-1 --split train --count 500 --to latent.csv") { run, split, first, count, step, to };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var model = invocation.Model(run, step);
                var path = invocation.Get(to) ?? $"{model.RunId}-latent";
                if (Path.GetExtension(path) is not (".npy" or ".csv" or ""))
                    throw new UsageException($"--to is '{path}'; the file must end in .npy or .csv, or have no extension for both.");
                if (invocation.Get(count) < 0)
                    throw new UsageException($"--count is {invocation.Get(count)}; it must be 0, for all examples, or more.");
                var request = new EncodeRequest { Model = model, Split = invocation.Get(split), First = invocation.Get(first) };
                var latents = await FetchAsync(client, request, invocation.Get(count), cancellationToken);
                var saved = new SavedFiles { Step = request.Model.Step };
                foreach (var (name, content) in FilesOf(latents, path))
                    saved.Files.Add(await SavedOutput.WriteAsync(name, content, cancellationToken));
                return SavedOutput.Report(invocation, saved);
            });
        });
        return command;
    }

    /// <summary>Asks until all examples are there; from the second answer on for the weights of the first, because a run may go on meanwhile.</summary>
    private static async Task<Latents> FetchAsync(VaeClusterClient client, EncodeRequest request, int count, CancellationToken cancellationToken)
    {
        var answer = await client.Models.EncodeAsync(request, cancellationToken: cancellationToken);
        var end = (int)Math.Min(answer.Total, count == 0 ? int.MaxValue : (long)request.First + count);
        var latents = new Latents(request.First, answer.Latent);
        while (true)
        {
            var rows = Math.Min(answer.Mean.Count / answer.Latent, end - request.First);
            latents.Mean.AddRange(answer.Mean.Take(rows * answer.Latent));
            latents.LogVariance.AddRange(answer.LogVariance.Take(rows * answer.Latent)); // None where the model has codes and no posteriors.
            latents.Labels.AddRange(answer.Labels.Take(rows));
            (request.First, request.Model.Step) = (request.First + rows, answer.Step);
            if (request.First >= end)
                return latents;
            answer = await client.Models.EncodeAsync(request, cancellationToken: cancellationToken);
        }
    }

    private static IEnumerable<(string Name, byte[] Content)> FilesOf(Latents latents, string path)
    {
        var ending = Path.GetExtension(path);
        var name = ending.Length == 0 ? path : path[..^ending.Length];
        if (ending is "" or ".npy")
        {
            yield return ($"{name}.npy", LatentFiles.Npy(latents.Mean, latents.Latent));
            if (latents.LogVariance.Count > 0)
                yield return ($"{name}-logvar.npy", LatentFiles.Npy(latents.LogVariance, latents.Latent));
        }
        if (ending is "" or ".csv")
            yield return ($"{name}.csv", LatentFiles.Csv(latents));
    }
}
