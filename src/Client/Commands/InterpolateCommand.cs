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
        var from = new Argument<int>("a") { Description = "The example to begin at, from 0." };
        var until = new Argument<int>("b") { Description = "The example to end at, from 0." };
        var steps = ModelOptions.Number("--steps", "Points of the way, both ends among them, 2 to 64.", 11);
        var spherical = new Option<bool>("--spherical") { Description = "Along an arc rather than a straight line: for many latent dimensions." };
        var command = new Verb(
            "interpolate",
            "Writes what the model makes of the way between two examples' posterior means.",
            "vaectl interpolate mnist-mlp-1 0 7",
            "vaectl interpolate mnist-mlp-1 0 7 --spherical --steps 20 --to way.png") { run, from, until, split, steps, spherical, step, to };
        command.SetAction((result, cancellation) =>
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
                return SavedOutput.SavePictureAsync(invocation, client.Models.Interpolate(request, cancellationToken: cancellation), request.Model.RunId, invocation.Get(to), cancellation);
            });
        });
        return command;
    }
}
