using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl sample</c>.</summary>
internal static class SampleCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var (run, step, to) = (ModelOptions.Run(), ModelOptions.Step(), ModelOptions.To("RUN-samples.png"));
        var count = ModelOptions.Number("--count", "Number of images, 1 to 1024.", 100);
        var seed = new Option<long>("--seed")
        {
            Description = "Seed of the random numbers: the same seed gives the same latent points.",
            HelpName = "n",
            DefaultValueFactory = _ => 1,
        };
        var command = new Verb(
            "sample",
            "Samples latent points from the prior and writes the images that the model decodes from them.",
            "vaectl sample mnist-mlp-1",
            "vaectl sample mnist-mlp-1@500",
            "vaectl sample mnist-mlp-1 --count 64 --seed 7 --to digits.png") { run, count, seed, step, to };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(client =>
            {
                var request = new SampleRequest { Model = invocation.Model(run, step), Count = invocation.Get(count), Seed = invocation.Get(seed) };
                return SavedOutput.SavePlotAsync(
                    invocation,
                    client.Models.Sample(request, cancellationToken: cancellationToken),
                    request.Model.RunId,
                    invocation.Get(to),
                    cancellationToken);
            });
        });
        return command;
    }
}
