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
            "Checks a run's ledger: each example is used once in each epoch, which device computed what, and which weights came out. "
                + "Exits with 1 when a check fails.",
            "vaectl audit mnist-mlp-1",
            "vaectl audit mnist-mlp-1 --output json") { run };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var report = await client.Runs.AuditRunAsync(new GetRunRequest { RunId = invocation.Get(run) }, cancellationToken: cancellationToken);
                if (invocation.IsJson)
                    invocation.WriteJson(report);
                else
                    AuditText.Write(invocation.Terminal.Output, report);
                return report.Valid ? ExitCode.Success : ExitCode.Failure;
            });
        });
        return command;
    }
}
