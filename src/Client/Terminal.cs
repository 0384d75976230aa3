using Spectre.Console;

namespace VaeCluster.Client;

/// <summary>Where a command writes: results to one side, remarks and errors to the other.</summary>
internal sealed class Terminal
{
    private Terminal(TextWriter output, TextWriter error, bool isInteractive)
    {
        (Output, Error, IsInteractive) = (output, error, isInteractive);
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = isInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isInteractive)
            Console.Profile.Width = 160; // A pipe has no width; tables must not be folded for one.
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary>Whether a person watches, so that lines may be drawn over.</summary>
    public bool IsInteractive { get; }

    public IAnsiConsole Console { get; }

    public static Terminal Of(TextWriter output, TextWriter error, bool isRedirected) => new(output, error, !isRedirected);
}
