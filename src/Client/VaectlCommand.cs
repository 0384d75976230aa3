using System.CommandLine;
using VaeCluster.Client.Commands;

namespace VaeCluster.Client;

/// <summary>The command line of <c>vaectl</c>.</summary>
internal static class VaectlCommand
{
    public static RootCommand Create(Terminal terminal)
    {
        var options = new GlobalOptions();
        var root = new RootCommand(
            """
            Submits training runs to a VaeCluster and watches them.

            Examples:
              vaectl submit examples/shapes-mlp.yaml --watch
              vaectl submit examples/mnist-mlp.yaml --set data.path=/data/mnist --set training.epochs=5
              vaectl list
              vaectl artifacts download mnist-mlp-1 --to results

            Exit codes: 0 success, 1 the run failed or was cancelled, 2 the command line or the spec is at fault,
            3 there is no such run or file, 4 no silo answers, 130 interrupted.
            """);
        options.AddTo(root);
        Invocation With(ParseResult result) => new(result, options, terminal);
        root.Subcommands.Add(SubmitCommand.Create(With));
        root.Subcommands.Add(ListCommand.Create(With));
        root.Subcommands.Add(DescribeCommand.Create(With));
        root.Subcommands.Add(WatchCommand.Create(With));
        root.Subcommands.Add(LogsCommand.Create(With));
        root.Subcommands.Add(CancelCommand.Create(With));
        root.Subcommands.Add(ArtifactsCommand.Create(With));
        root.Subcommands.Add(DevicesCommand.Create(With));
        root.Subcommands.Add(ValidateCommand.Create(With));
        root.Subcommands.Add(FieldsCommand.Create(With));
        root.Subcommands.Add(VersionCommand.Create(With));
        root.Subcommands.Add(CompletionCommand.Create(With));
        return root;
    }
}
