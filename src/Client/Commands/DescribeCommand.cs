using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl describe</c>.</summary>
internal static class DescribeCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var run = RunArgument.Create();
        var command = new Verb(
            "describe",
            "Shows the details of a run: phase, conditions, results and spec.",
            "vaectl describe mnist-mlp-1") { run };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var found = await client.Runs.GetAsync(new GetRunRequest { RunId = invocation.Get(run) }, cancellationToken: cancellationToken);
                if (invocation.IsJson)
                    invocation.WriteJson(found);
                else
                    RunDescription.Write(invocation.Terminal.Output, found);
                return ExitCode.Success;
            });
        });
        return command;
    }
}
