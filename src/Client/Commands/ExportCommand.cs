using System.CommandLine;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl export</c>.</summary>
internal static class ExportCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var run = RunArgument.Create();
        var format = new Option<ExportFormat>("--format", "-f") { Description = "safetensors: the parameters; onnx: encoder.onnx and decoder.onnx; pytorch: the parameters, and a model.py that loads them.", Required = true };
        Choice.Among(format, ("safetensors", ExportFormat.Safetensors), ("onnx", ExportFormat.Onnx), ("pytorch", ExportFormat.Pytorch));
        var folder = new Option<string>("--to") { Description = "Folder to write to.", HelpName = "folder", DefaultValueFactory = _ => "." };
        var command = new Verb(
            "export",
            "Writes the model of a finished run in another form, and copies it to this machine.",
            "vaectl export mnist-mlp-1 --format onnx --to model",
            "vaectl export mnist-mlp-1 --format pytorch --to model && python3 model/model.py") { run, format, folder };
        command.SetAction((result, cancellation) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var runId = invocation.Get(run);
                var exported = await client.Artifacts.ExportAsync(new ExportRequest { RunId = runId, Format = invocation.Get(format) }, cancellationToken: cancellation);
                foreach (var artifact in exported.Artifacts)
                    await ArtifactFile.SaveAsync(invocation, client, runId, artifact.Name, invocation.Get(folder), cancellation);
                return ExitCode.Success;
            });
        });
        return command;
    }
}
