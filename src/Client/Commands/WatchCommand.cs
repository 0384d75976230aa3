using System.CommandLine;
using VaeCluster.Client.Output;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl watch</c>.</summary>
internal static class WatchCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var run = RunArgument.Create();
        var command = new Verb(
            "watch",
            "Shows the progress of a run until it ends. Exits with 1 when the run does not succeed. Ctrl-C stops watching; the run continues.",
            "vaectl watch mnist-mlp-1") { run };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(client => RunWatcher.WatchAsync(invocation, client, invocation.Get(run), cancellationToken));
        });
        return command;
    }
}
