using Spectre.Console;

namespace VaeCluster.Client;

/// <summary>Where a command reads and writes: results go to one side, remarks and errors to the other.</summary>
internal sealed class Terminal
{
    private Terminal(TextReader input, TextWriter output, TextWriter error, bool isInteractive)
    {
        (Input, Output, Error, IsInteractive) = (input, output, error, isInteractive);
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = isInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isInteractive)
            Console.Profile.Width = 160; // A pipe has no width; tables must not be folded for one.
    }

    public TextReader Input { get; }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary>Whether a person watches, so that lines may be drawn over.</summary>
    public bool IsInteractive { get; }

    public IAnsiConsole Console { get; }

    public static Terminal Of(TextReader input, TextWriter output, TextWriter error, bool isRedirected) => new(input, output, error, !isRedirected);
}
