using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl manifold</c>.</summary>
internal static class ManifoldCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var (run, step, to) = (ModelOptions.Run(), ModelOptions.Step(), ModelOptions.To("RUN-manifold.png"));
        var side = ModelOptions.Number("--side", "Rows and columns, 2 to 64.", 20);
        var dimensions = ModelOptions.Dimensions("The two latent dimensions, counted from 0; the others are 0. Default: the two with the largest KL.");
        var command = new Verb(
            "manifold",
            "Writes the images decoded over a plane of the latent space, spaced by the quantiles of the normal distribution.",
            "vaectl manifold mnist-mlp-2d-1",
            "vaectl manifold mnist-mlp-1 --dims 3,7 --side 15 --to plane.png") { run, side, dimensions, step, to };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(client =>
            {
                var request = new ManifoldRequest
                {
                    Model = invocation.Model(run, step),
                    Side = invocation.Get(side),
                    Dimensions = { invocation.Get(dimensions) ?? [] },
                };
                return SavedOutput.SavePlotAsync(
                    invocation,
                    client.Models.Manifold(request, cancellationToken: cancellationToken),
                    request.Model.RunId,
                    invocation.Get(to),
                    cancellationToken);
            });
        });
        return command;
    }
}
