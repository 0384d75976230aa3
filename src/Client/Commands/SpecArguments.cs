using System.CommandLine;

namespace VaeCluster.Client.Commands;

/// <summary>What the commands that take a spec have in common.</summary>
internal static class SpecArguments
{
    public static Argument<string> File() => new("spec") { Description = "The spec's file, YAML or JSON; - reads standard input." };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Sets a field of the spec, e.g. --set training.epochs=5. May be repeated.",
        HelpName = "path=value",
        DefaultValueFactory = _ => [],
    };

    public static async Task<string> ReadAsync(string path, CancellationToken cancellation) => path == "-"
        ? await Console.In.ReadToEndAsync(cancellation)
        : await System.IO.File.ReadAllTextAsync(path, cancellation);
}
