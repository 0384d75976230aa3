using System.CommandLine;
using Grpc.Core;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl logs</c>.</summary>
internal static class LogsCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var run = RunArgument.Create();
        var follow = new Option<bool>("--follow", "-f") { Description = "Follow until the run ends." };
        var after = new Option<long>("--after") { Description = "Print only steps after this one.", HelpName = "step" };
        var command = new Verb(
            "logs",
            "Prints the logged steps of a run; losses are nats per example.",
            "vaectl logs mnist-mlp-1 --follow",
            "vaectl logs mnist-mlp-1 -o json > metrics.jsonl") { run, follow, after };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var request = new LogsRequest { RunId = invocation.Get(run), Follow = invocation.Get(follow), AfterStep = invocation.Get(after) };
                using var call = client.Runs.Logs(request, cancellationToken: cancellationToken);
                await foreach (var line in call.ResponseStream.ReadAllAsync(cancellationToken))
                    invocation.WriteLine(invocation.IsJson ? line.Json : ProgressText.OfLine(MetricsLine.Parse(line.Json)));
                return ExitCode.Success;
            });
        });
        return command;
    }
}
