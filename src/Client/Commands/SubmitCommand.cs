using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl submit</c>.</summary>
internal static class SubmitCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var file = SpecArguments.File();
        file.Arity = ArgumentArity.ZeroOrOne;
        file.Description += " Optional with --from, which takes the other run's spec.";
        var from = new Option<string>("--from")
        {
            Description = "Continue from a checkpoint of another run: RUN@STEP, or RUN for its newest. With the same spec, the final weights are the same too.",
            HelpName = "run[@step]",
            DefaultValueFactory = _ => "",
        };
        var overrides = SpecArguments.Set();
        var watch = new Option<bool>("--watch", "-w") { Description = "Show the progress until the run ends." };
        var command = new Verb(
            "submit",
            "Submits a run.",
            "vaectl submit run.yaml --watch",
            "vaectl submit run.yaml --set training.epochs=5 --set model.latent=2",
            "cat run.yaml | vaectl submit -",
            "vaectl submit --from mnist-mlp-1@500 --set training.epochs=30") { file, overrides, from, watch };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var spec = await ReadSpecAsync(invocation, invocation.Get(file), invocation.Get(from), cancellationToken);
                var request = new SubmitRequest { Spec = spec, From = invocation.Get(from) };
                request.Overrides.AddRange(invocation.Get(overrides));
                var run = await client.Runs.SubmitAsync(request, cancellationToken: cancellationToken);
                if (invocation.Get(watch))
                {
                    if (!invocation.IsJson)
                        invocation.WriteLine($"Run {run.RunId} was submitted.");
                    return await RunWatcher.WatchAsync(invocation, client, run.RunId, cancellationToken);
                }
                if (invocation.IsJson)
                    invocation.WriteJson(run);
                else
                    invocation.WriteLine($"Run {run.RunId} was submitted. Follow it with: vaectl watch {run.RunId}");
                return ExitCode.Success;
            });
        });
        return command;
    }

    private static async Task<string> ReadSpecAsync(Invocation invocation, string? file, string from, CancellationToken cancellationToken)
    {
        if (file is null && from.Length == 0)
            throw new UsageException("Neither a spec nor --from is given. Name a spec file (examples/ has some to start from), or a run to continue from.");
        return file is null ? "" : await SpecArguments.ReadAsync(invocation.Terminal, file, cancellationToken);
    }
}
