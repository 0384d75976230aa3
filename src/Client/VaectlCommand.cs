using System.CommandLine;
using System.CommandLine.Invocation;
using VaeCluster.Client.Commands;

namespace VaeCluster.Client;

/// <summary>The command line of <c>vaectl</c>.</summary>
internal static class VaectlCommand
{
    /// <summary>Does what the arguments say, and returns the exit code.</summary>
    public static Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        // Without arguments the help is shown.
        var result = Create(terminal).Parse(args.Length == 0 ? ["--help"] : args);
        if (result.Action is ParseErrorAction)
            return Task.FromResult(Refuse(result, terminal));
        return result.InvokeAsync(new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error }, cancellationToken);
    }

    private static RootCommand Create(Terminal terminal)
    {
        var options = new GlobalOptions();
        var root = new RootCommand("Submits training runs to a VaeCluster, watches them, and evaluates and uses the trained models.");
        options.AddTo(root);
        HelpWithExamples.AddTo(root);
        Invocation With(ParseResult result) => new(result, options, terminal);
        root.Subcommands.Add(SubmitCommand.Create(With));
        root.Subcommands.Add(ListCommand.Create(With));
        root.Subcommands.Add(DescribeCommand.Create(With));
        root.Subcommands.Add(WatchCommand.Create(With));
        root.Subcommands.Add(LogsCommand.Create(With));
        root.Subcommands.Add(AuditCommand.Create(With));
        foreach (var command in RunChangeCommands.Create(With))
            root.Subcommands.Add(command);
        root.Subcommands.Add(ArtifactsCommand.Create(With));
        root.Subcommands.Add(ReproduceCommand.Create(With));
        root.Subcommands.Add(ExportCommand.Create(With));
        root.Subcommands.Add(DataCommand.Create(With));
        foreach (var command in ModelCommands.Create(With))
            root.Subcommands.Add(command);
        root.Subcommands.Add(DevicesCommand.Create(With));
        root.Subcommands.Add(ValidateCommand.Create(With));
        root.Subcommands.Add(FieldsCommand.Create(With));
        root.Subcommands.Add(VersionCommand.Create(With));
        root.Subcommands.Add(CompletionCommand.Create(With));
        return root;
    }

    /// <summary>Says what is wrong with the command line, in a few lines: the whole help would push them off the screen.</summary>
    private static int Refuse(ParseResult result, Terminal terminal)
    {
        // A word that is not known is at the root of whatever else is found missing.
        var messages = result.Errors.Select(error => error.Message).ToList();
        if (result.UnmatchedTokens.Count > 0)
            messages = [.. result.UnmatchedTokens.Select(token => $"'{token}' is neither a command nor an option here.")];
        foreach (var message in messages)
            terminal.Error.WriteLine($"vaectl: {string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        var path = new List<string>();
        for (var command = result.CommandResult; command is not null; command = command.Parent as System.CommandLine.Parsing.CommandResult)
            path.Insert(0, command.Command is RootCommand ? "vaectl" : command.Command.Name);
        terminal.Error.WriteLine($"vaectl: `{string.Join(' ', path)} --help` shows the usage.");
        return ExitCode.Usage;
    }
}
