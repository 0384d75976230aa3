using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl cancel</c>.</summary>
internal static class CancelCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var run = RunArgument.Create();
        var command = new Verb(
            "cancel",
            "Ends a run. One that has ended already stays as it is.",
            "vaectl cancel mnist-mlp-1") { run };
        command.SetAction((result, cancellation) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var ended = await client.Runs.CancelAsync(new GetRunRequest { RunId = invocation.Get(run) }, cancellationToken: cancellation);
                if (invocation.IsJson)
                    invocation.WriteJson(ended);
                else
                    invocation.WriteLine($"Run {ended.RunId} is {ProgressText.Of(ended.Phase)}. {ended.Conditions[^1].Message}");
                return ExitCode.Success;
            });
        });
        return command;
    }
}
