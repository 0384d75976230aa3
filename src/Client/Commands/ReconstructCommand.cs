using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl reconstruct</c>.</summary>
internal static class ReconstructCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var (run, split, step, to) = (ModelOptions.Run(), ModelOptions.Split(), ModelOptions.Step(), ModelOptions.To("RUN-reconstructions.png"));
        var first = ModelOptions.Number("--first", "The first example of the split, counted from 0.", 0);
        var count = ModelOptions.Number("--count", "Number of examples, 1 to 512.", 40);
        var command = new Verb(
            "reconstruct",
            "Writes examples, and below each its reconstruction.",
            "vaectl reconstruct mnist-mlp-1",
            "vaectl reconstruct mnist-mlp-1 --split train --first 100 --count 16 --to pairs.png") { run, split, first, count, step, to };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(client =>
            {
                var request = new ReconstructRequest
                {
                    Model = invocation.Model(run, step),
                    Split = invocation.Get(split),
                    First = invocation.Get(first),
                    Count = invocation.Get(count),
                };
                return SavedOutput.SavePlotAsync(
                    invocation,
                    client.Models.Reconstruct(request, cancellationToken: cancellationToken),
                    request.Model.RunId,
                    invocation.Get(to),
                    cancellationToken);
            });
        });
        return command;
    }
}
