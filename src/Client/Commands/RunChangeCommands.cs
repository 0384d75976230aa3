using System.CommandLine;
using Grpc.Core;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl cancel</c>, <c>pause</c>, <c>resume</c> and <c>retry</c>: each changes one run and prints its new state.</summary>
internal static class RunChangeCommands
{
    private delegate AsyncUnaryCall<Run> Change(Runs.RunsClient runs, GetRunRequest request, CancellationToken cancellationToken);

    public static IEnumerable<Command> Create(Func<ParseResult, Invocation> with) =>
    [
        Create(with, "cancel", "Cancels a run. A run that has ended stays as it is.",
            (runs, request, cancellationToken) => runs.CancelAsync(request, cancellationToken: cancellationToken)),
        Create(with, "pause", "Pauses a run: it releases its devices and keeps its training state.",
            (runs, request, cancellationToken) => runs.PauseAsync(request, cancellationToken: cancellationToken)),
        Create(with, "resume", "Resumes a paused run where it stopped.",
            (runs, request, cancellationToken) => runs.ResumeAsync(request, cancellationToken: cancellationToken)),
        Create(with, "retry", "Continues a failed or cancelled run from its newest checkpoint.",
            (runs, request, cancellationToken) => runs.RetryAsync(request, cancellationToken: cancellationToken)),
    ];

    private static Verb Create(Func<ParseResult, Invocation> with, string name, string description, Change change)
    {
        var run = RunArgument.Create();
        var command = new Verb(name, description, $"vaectl {name} mnist-mlp-1") { run };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var changed = await change(client.Runs, new GetRunRequest { RunId = invocation.Get(run) }, cancellationToken);
                if (invocation.IsJson)
                    invocation.WriteJson(changed);
                else
                    invocation.WriteLine($"Run {changed.RunId} is {ProgressText.Of(changed.Phase)}. {changed.Conditions[^1].Message}");
                return ExitCode.Success;
            });
        });
        return command;
    }
}
