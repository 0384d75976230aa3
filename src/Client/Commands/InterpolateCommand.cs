using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl interpolate</c>.</summary>
internal static class InterpolateCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var (run, split, step, to) = (ModelOptions.Run(), ModelOptions.Split(), ModelOptions.Step(), ModelOptions.To("RUN-interpolation.png"));
        var from = new Argument<int>("a") { Description = "The first example of the path, counted from 0." };
        var until = new Argument<int>("b") { Description = "The last example of the path, counted from 0." };
        var steps = ModelOptions.Number("--steps", "Points of the path, both ends included, 2 to 64.", 11);
        var spherical = new Option<bool>("--spherical") { Description = "Follow an arc instead of a straight line; suits many latent dimensions." };
        var command = new Verb(
            "interpolate",
            "Writes the images that the model decodes along a path between two examples' posterior means.",
            "vaectl interpolate mnist-mlp-1 0 7",
            "vaectl interpolate mnist-mlp-1 0 7 --spherical --steps 20 --to path.png") { run, from, until, split, steps, spherical, step, to };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(client =>
            {
                var request = new InterpolateRequest
                {
                    Model = invocation.Model(run, step),
                    Split = invocation.Get(split),
                    From = invocation.Get(from),
                    To = invocation.Get(until),
                    Steps = invocation.Get(steps),
                    Spherical = invocation.Get(spherical),
                };
                return SavedOutput.SavePlotAsync(
                    invocation,
                    client.Models.Interpolate(request, cancellationToken: cancellationToken),
                    request.Model.RunId,
                    invocation.Get(to),
                    cancellationToken);
            });
        });
        return command;
    }
}
