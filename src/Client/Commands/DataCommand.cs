using System.CommandLine;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl data</c>: what one does with data before a run.</summary>
internal static class DataCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var command = new Command("data", "Fetches public data sets, inspects data, and manages the caches of images. Needs no silo.");
        command.Subcommands.Add(DataFetchCommand.Create(with));
        command.Subcommands.Add(DataInspectCommand.Create(with));
        command.Subcommands.Add(DataCacheCommand.Create(with));
        command.Subcommands.Add(DataCleanCommand.Create(with));
        return command;
    }
}
