using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl audit</c>.</summary>
internal static class AuditCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var run = RunArgument.Create();
        var command = new Verb(
            "audit",
            "Proves from a run's ledger what was computed: each example used once in each epoch, by whom, and to which weights. Exits with 1 when something is wrong.",
            "vaectl audit mnist-mlp-1",
            "vaectl audit mnist-mlp-1 --output json") { run };
        command.SetAction((result, cancellation) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var report = await client.Runs.AuditRunAsync(new GetRunRequest { RunId = invocation.Get(run) }, cancellationToken: cancellation);
                if (invocation.IsJson)
                    invocation.WriteJson(report);
                else
                    AuditText.Write(invocation.Terminal.Output, report);
                return report.Sound ? ExitCode.Success : ExitCode.Failure;
            });
        });
        return command;
    }
}
