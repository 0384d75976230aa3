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
        var overrides = SpecArguments.Set();
        var watch = new Option<bool>("--watch", "-w") { Description = "Stay and show the progress until the run ends." };
        var command = new Verb(
            "submit",
            "Submits a run.",
            "vaectl submit run.yaml --watch",
            "vaectl submit run.yaml --set training.epochs=5 --set model.latent=2",
            "cat run.yaml | vaectl submit -") { file, overrides, watch };
        command.SetAction((result, cancellation) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var spec = await SpecArguments.ReadAsync(invocation.Terminal, invocation.Get(file), cancellation);
                var request = new SubmitRequest { Spec = spec };
                request.Overrides.AddRange(invocation.Get(overrides));
                var run = await client.Runs.SubmitAsync(request, cancellationToken: cancellation);
                if (invocation.Get(watch))
                {
                    if (!invocation.IsJson)
                        invocation.WriteLine($"Run {run.RunId} was submitted.");
                    return await RunWatcher.WatchAsync(invocation, client, run.RunId, cancellation);
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
}
