using System.CommandLine;
using Grpc.Core;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl evaluate</c>.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var (run, step) = (ModelOptions.Run(), ModelOptions.Step());
        var samples = ModelOptions.Number("--samples", "Importance samples per example for the likelihood, 0 to 5000; 0 leaves it out.", 1000);
        samples.Aliases.Add("-k");
        var history = new Option<bool>("--history") { Description = "List the run's evaluations, those made during training included, and make no new one." };
        var command = new Verb(
            "evaluate",
            "Evaluates a model on the held-out examples: ELBO and its terms, likelihood, active units, KL of each dimension, mutual "
                + "information, and disentanglement where the factors are known.",
            "vaectl evaluate mnist-mlp-1",
            "vaectl evaluate mnist-mlp-1@500 --samples 5000 --output json",
            "vaectl evaluate mnist-mlp-1 --history") { run, samples, history, step };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(client => invocation.Get(history)
                ? ListAsync(invocation, client, invocation.Model(run, step), cancellationToken)
                : EvaluateAsync(
                    invocation,
                    client,
                    new EvaluateRequest { Model = invocation.Model(run, step), Samples = invocation.Get(samples) },
                    cancellationToken));
        });
        return command;
    }

    private static async Task<int> EvaluateAsync(Invocation invocation, VaeClusterClient client, EvaluateRequest request, CancellationToken cancellationToken)
    {
        using var call = client.Models.Evaluate(request, cancellationToken: cancellationToken);
        Evaluation? report = null;
        await foreach (var progress in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            report = progress.Report;
            if (report is null)
                await invocation.Terminal.Error.WriteLineAsync($"vaectl: {EvaluationText.Of(progress)}");
        }
        if (report is null)
            return invocation.Fail(ExitCode.Failure, "The silo ended the evaluation without a report. Run it again.");
        if (invocation.IsJson)
            invocation.WriteJson(report);
        else
            EvaluationText.Write(invocation.Terminal.Output, report);
        return ExitCode.Success;
    }

    private static async Task<int> ListAsync(Invocation invocation, VaeClusterClient client, ModelRef model, CancellationToken cancellationToken)
    {
        var answer = await client.Models.ListEvaluationsAsync(new GetRunRequest { RunId = model.RunId }, cancellationToken: cancellationToken);
        var found = answer.Evaluations.Where(evaluation => model.Step == 0 || evaluation.Step == model.Step).ToList();
        if (invocation.IsJson)
            found.ForEach(invocation.WriteJson);
        else
            EvaluationText.WriteTable(invocation.Terminal, model.Step == 0 ? model.RunId : $"{model.RunId}@{model.Step}", found);
        return ExitCode.Success;
    }
}
