using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace VaeCluster.Client.Commands;

/// <summary>The help of a command, and its examples below.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private const string ExitCodes = """
        Exit codes:
          0    success
          1    the run failed or was cancelled, its audit failed, or a call failed in another way
          2    the command line or the spec has an error
          3    the run or file does not exist
          4    no silo answers
          130  interrupted

        `vaectl COMMAND --help` describes a command, with examples.
        """;

    private static readonly string[] FirstSteps =
    [
        "vaectl submit examples/shapes-mlp.yaml --watch",
        "vaectl submit examples/mnist-mlp.yaml --set data.path=/data/mnist --set training.epochs=5",
        "vaectl list",
        "vaectl artifacts download mnist-mlp-1 --to results",
    ];

    private readonly HelpAction _help;

    private HelpWithExamples(HelpAction help) => _help = help;

    // Help is asked for instead of what is missing on the line.
    public override bool ClearsParseErrors => true;

    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        _help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        WriteExamples(output, command is RootCommand ? FirstSteps : (command as Verb)?.Examples ?? []);
        if (command is RootCommand)
            output.WriteLine(ExitCodes);
        return ExitCode.Success;
    }

    private static void WriteExamples(TextWriter output, IReadOnlyList<string> examples)
    {
        if (examples.Count == 0)
            return;
        output.WriteLine("Examples:");
        foreach (var example in examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
    }
}
