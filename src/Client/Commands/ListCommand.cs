using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl list</c>.</summary>
internal static class ListCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var phase = new Option<Phase[]>("--phase")
        {
            Description = "List only runs in this phase. May be repeated.",
            DefaultValueFactory = _ => [],
        };
        Choice.Among(
            phase,
            ("pending", Phase.Pending),
            ("running", Phase.Running),
            ("succeeded", Phase.Succeeded),
            ("failed", Phase.Failed),
            ("cancelled", Phase.Cancelled),
            ("paused", Phase.Paused));
        var command = new Verb(
            "list",
            "Lists runs, oldest first.",
            "vaectl list",
            "vaectl list --phase running -o json") { phase };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var request = new ListRunsRequest();
                request.Phases.AddRange(invocation.Get(phase));
                var runs = (await client.Runs.ListAsync(request, cancellationToken: cancellationToken)).Runs;
                if (invocation.IsJson)
                    runs.ToList().ForEach(invocation.WriteJson);
                else
                    Tables.WriteRuns(invocation.Terminal, runs);
                return ExitCode.Success;
            });
        });
        return command;
    }
}
