using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl scatter</c>.</summary>
internal static class ScatterCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var (run, split, step, to) = (ModelOptions.Run(), ModelOptions.Split(), ModelOptions.Step(), ModelOptions.To("RUN-scatter.png and .svg"));
        var count = ModelOptions.Number("--count", "Largest number of examples, 1 to 10000.", 5000);
        var dimensions = ModelOptions.Dimensions("The two latent dimensions, counted from 0. Default: the two with the largest KL.");
        var command = new Verb(
            "scatter",
            "Plots the posterior means of examples in the latent space, coloured by label, as PNG and SVG.",
            "vaectl scatter mnist-mlp-2d-1",
            "vaectl scatter mnist-mlp-1 --dims 3,7 --split train --to latent.svg") { run, split, count, dimensions, step, to };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(client =>
            {
                var request = new ScatterRequest
                {
                    Model = invocation.Model(run, step),
                    Split = invocation.Get(split),
                    Count = invocation.Get(count),
                    Dimensions = { invocation.Get(dimensions) ?? [] },
                };
                return SavedOutput.SavePlotAsync(
                    invocation,
                    client.Models.Scatter(request, cancellationToken: cancellationToken),
                    request.Model.RunId,
                    invocation.Get(to),
                    cancellationToken);
            });
        });
        return command;
    }
}
