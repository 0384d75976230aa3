using System.CommandLine;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl export</c>.</summary>
internal static class ExportCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var (run, step) = (ModelOptions.Run(), ModelOptions.Step());
        var format = new Option<ExportFormat>("--format", "-f")
        {
            Description = "safetensors: the parameters; onnx: encoder.onnx and decoder.onnx; pytorch: the parameters and a model.py that loads them.",
            Required = true,
        };
        Choice.Among(format, ("safetensors", ExportFormat.Safetensors), ("onnx", ExportFormat.Onnx), ("pytorch", ExportFormat.Pytorch));
        var folder = new Option<string>("--to") { Description = "Folder to write to.", HelpName = "folder", DefaultValueFactory = _ => "." };
        var command = new Verb(
            "export",
            "Exports a run's model and copies it to this machine. While the run trains, the newest checkpoint is exported.",
            "vaectl export mnist-mlp-1 --format onnx --to model",
            "vaectl export mnist-mlp-1@500 --format safetensors --to model-500",
            "vaectl export mnist-mlp-1 --format pytorch --to model && python3 model/model.py") { run, format, step, folder };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var model = invocation.Model(run, step);
                var request = new ExportRequest { RunId = model.RunId, Step = model.Step, Format = invocation.Get(format) };
                var exported = await client.Artifacts.ExportAsync(request, cancellationToken: cancellationToken);
                foreach (var artifact in exported.Artifacts)
                    await ArtifactFile.SaveAsync(invocation, client, model.RunId, artifact.Name, FileOf(artifact), invocation.Get(folder), cancellationToken);
                if (!invocation.IsJson)
                    await invocation.Terminal.Error.WriteLineAsync($"vaectl: weights of step {exported.Step}.");
                return ExitCode.Success;
            });
        });
        return command;
    }

    /// <summary>Those of checkpoints lie in folders of the run's; here there is one folder, which the caller named.</summary>
    private static string FileOf(Artifact artifact) => artifact.Name[(artifact.Name.LastIndexOf('/') + 1)..];
}
