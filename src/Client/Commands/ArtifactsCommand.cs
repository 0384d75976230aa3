using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl artifacts list</c> and <c>vaectl artifacts download</c>.</summary>
internal static class ArtifactsCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var command = new Command("artifacts", "Lists and copies a run's files: plots, images, the model, the metrics.");
        command.Subcommands.Add(List(with));
        command.Subcommands.Add(Download(with));
        return command;
    }

    private static Verb List(Func<ParseResult, Invocation> with)
    {
        var run = RunArgument.Create();
        var command = new Verb(
            "list",
            "Lists the files of a run.",
            "vaectl artifacts list mnist-mlp-1") { run };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var found = await client.Artifacts.ListAsync(new GetRunRequest { RunId = invocation.Get(run) }, cancellationToken: cancellationToken);
                if (invocation.IsJson)
                    found.Artifacts.ToList().ForEach(invocation.WriteJson);
                else
                    Tables.WriteArtifacts(invocation.Terminal, found.Artifacts);
                return ExitCode.Success;
            });
        });
        return command;
    }

    private static Verb Download(Func<ParseResult, Invocation> with)
    {
        var run = RunArgument.Create();
        var names = new Argument<string[]>("name") { Description = "Files to copy. Default: all.", DefaultValueFactory = _ => [] };
        var folder = new Option<string>("--to") { Description = "Folder to write to.", HelpName = "folder", DefaultValueFactory = _ => "." };
        var command = new Verb(
            "download",
            "Copies files of a run to this machine.",
            "vaectl artifacts download mnist-mlp-1 --to results",
            "vaectl artifacts download mnist-mlp-1 model.safetensors") { run, names, folder };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var runId = invocation.Get(run);
                var wanted = invocation.Get(names);
                if (wanted.Length == 0)
                {
                    var listed = await client.Artifacts.ListAsync(new GetRunRequest { RunId = runId }, cancellationToken: cancellationToken);
                    wanted = [.. listed.Artifacts.Select(artifact => artifact.Name)];
                }
                foreach (var name in wanted)
                    await ArtifactFile.SaveAsync(invocation, client, runId, name, invocation.Get(folder), cancellationToken);
                return ExitCode.Success;
            });
        });
        return command;
    }
}
