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
        var example = ModelOptions.Number("--example", "The example whose posterior mean is the starting point, counted from 0.", 0);
        var dimensions = ModelOptions.Dimensions("Latent dimensions, counted from 0, one row each. Default: the 32 with the largest KL.");
        var range = new Option<double>("--range")
        {
            Description = "Values range from -x to x; above 0, at most 10.",
            HelpName = "x",
            DefaultValueFactory = _ => 3,
        };
        var steps = ModelOptions.Number("--steps", "Number of values, 2 to 64.", 11);
        var command = new Verb(
            "traverse",
            "Writes the images decoded while one latent dimension varies, from -3 to 3: one row per dimension.",
            "vaectl traverse shapes-mlp-1",
            "vaectl traverse shapes-mlp-1 --dims 3 --example 12 --steps 20 --to z3.png") { run, example, dimensions, range, steps, split, step, to };
        command.SetAction((result, cancellationToken) =>
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
                return SavedOutput.SavePlotAsync(
                    invocation,
                    client.Models.Traverse(request, cancellationToken: cancellationToken),
                    request.Model.RunId,
                    invocation.Get(to),
                    cancellationToken);
            });
        });
        return command;
    }
}
