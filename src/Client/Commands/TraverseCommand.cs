using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl traverse</c>.</summary>
internal static class TraverseCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var (run, split, step, to) = (ModelOptions.Run(), ModelOptions.Split(), ModelOptions.Step(), ModelOptions.To("RUN-traversal.png"));
        var example = ModelOptions.Number("--example", "The example whose posterior mean is the beginning, from 0.", 0);
        var dimensions = ModelOptions.Dimensions("Latent dimensions, from 0, a row each. Default: the 32 with the largest KL.");
        var range = new Option<double>("--range") { Description = "Values go from minus this to this, above 0 and up to 10.", HelpName = "x", DefaultValueFactory = _ => 3 };
        var steps = ModelOptions.Number("--steps", "How many values, 2 to 64.", 11);
        var command = new Verb(
            "traverse",
            "Writes what changes with each latent dimension: a row a dimension, from -3 to 3.",
            "vaectl traverse shapes-mlp-1",
            "vaectl traverse shapes-mlp-1 --dims 3 --example 12 --steps 20 --to z3.png") { run, example, dimensions, range, steps, split, step, to };
        command.SetAction((result, cancellation) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(client =>
            {
                var request = new TraverseRequest
                {
                    Model = invocation.Model(run, step),
                    Split = invocation.Get(split),
                    Example = invocation.Get(example),
                    Dimensions = { invocation.Get(dimensions) ?? [] },
                    Range = invocation.Get(range),
                    Steps = invocation.Get(steps),
                };
                return SavedOutput.SavePictureAsync(invocation, client.Models.Traverse(request, cancellationToken: cancellation), request.Model.RunId, invocation.Get(to), cancellation);
            });
        });
        return command;
    }
}
