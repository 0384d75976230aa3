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

    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static async Task<string> ReadAsync(Terminal terminal, string path, CancellationToken cancellationToken)
    {
        try
        {
            return path == "-" ? await terminal.Input.ReadToEndAsync(cancellationToken) : await System.IO.File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"The spec is '{path}', and no such file exists; examples/ has specs to start from.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The spec is '{path}', which cannot be read: {e.Message}", e);
        }
    }
}
