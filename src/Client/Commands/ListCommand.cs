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
        var limit = new Option<int?>("--limit") { Description = "List at most so many runs.", HelpName = "runs" };
        var command = new Verb(
            "list",
            "Lists runs, oldest first.",
            "vaectl list",
            "vaectl list --phase running -o json") { phase, limit };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                if (invocation.Get(limit) is { } most and < 1)
                    throw new UsageException($"--limit is {most}; it must be 1 or more.");
                var runs = await client.ListRunsAsync(invocation.Get(phase), cancellationToken)
                    .Take(invocation.Get(limit) ?? int.MaxValue)
                    .ToListAsync(cancellationToken);
                if (invocation.IsJson)
                    runs.ForEach(invocation.WriteJson);
                else
                    Tables.WriteRuns(invocation.Terminal, runs);
                return ExitCode.Success;
            });
        });
        return command;
    }
}
