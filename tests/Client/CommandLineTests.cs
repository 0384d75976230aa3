using VaeCluster.Client.Tests.Fakes;

namespace VaeCluster.Client.Tests;

/// <summary>What needs no server: help, errors of the command line, completion.</summary>
public sealed class CommandLineTests
{
    public static TheoryData<string> Commands { get; } =
        ["submit", "list", "describe", "watch", "logs", "audit", "cancel", "pause", "resume", "retry", "artifacts list", "artifacts download", "evaluate", "sample", "reconstruct", "encode", "interpolate", "traverse", "manifold", "scatter", "reproduce", "export", "data fetch", "data inspect", "data cache", "data clean", "devices", "validate", "fields", "version", "completion"];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_OfEveryCommand_SaysHowItIsUsed_WithExamplesThatParse(string command)
    {
        var result = await VaectlResult.OfAsync([.. command.Split(' '), "--help"]);

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Contains($"vaectl {command}", result.Output, StringComparison.Ordinal);
        var examples = result.Lines.SkipWhile(line => line != "Examples:").Skip(1).ToList();
        Assert.NotEmpty(examples);
        Assert.DoesNotContain(result.Lines, line => line.Contains("Default: ", StringComparison.Ordinal) && line.Contains("[default: ", StringComparison.Ordinal));
        Assert.All(examples, example => Assert.Contains($"vaectl {command}", example, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    public async Task Help_OfAll_ListsEveryCommandOnALine_ExamplesAndExitCodes(params string[] args)
    {
        var result = await VaectlResult.OfAsync(args);

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.All(Commands, command => Assert.Contains(result.Lines, line => line.StartsWith($"  {command.Data.Split(' ')[0]} ", StringComparison.Ordinal)));
        Assert.Single(result.Lines, "Examples:");
        // A description of two lines, or a column as wide as a list of names, would make a list that nobody reads.
        var list = result.Lines.SkipWhile(line => line != "Commands:").Skip(1).TakeWhile(line => line != "Examples:").ToList();
        Assert.All(list, line => Assert.Matches("^  [a-z]", line));
        Assert.All(list, line => Assert.InRange(line.Length, 1, 220));
        Assert.Contains("  4    no silo answers", result.Lines);
    }

    [Theory]
    [InlineData("lst", "vaectl: 'lst' is neither a command nor an option here.\nvaectl: `vaectl --help` shows the usage.\n")]
    [InlineData("list --foo", "vaectl: '--foo' is neither a command nor an option here.\nvaectl: `vaectl list --help` shows the usage.\n")]
    [InlineData("submit", "vaectl: Neither a spec nor --from is given. Name a spec file (examples/ has some to start from), or a run to continue from.\n")]
    [InlineData("artifacts", "vaectl: Required command was not provided.\nvaectl: `vaectl artifacts --help` shows the usage.\n")]
    [InlineData("list --phase foo -o yaml", "vaectl: --phase is 'foo'; it must be pending, running, succeeded, failed, cancelled or paused.\nvaectl: --output is 'yaml'; it must be text or json.\nvaectl: `vaectl list --help` shows the usage.\n")]
    [InlineData("completion tcsh", "vaectl: Argument 'tcsh' not recognized. Must be one of: 'bash' 'zsh' 'fish'\nvaectl: `vaectl completion --help` shows the usage.\n")]
    [InlineData("export r --format tflite", "vaectl: --format is 'tflite'; it must be safetensors, onnx or pytorch.\nvaectl: `vaectl export --help` shows the usage.\n")]
    [InlineData("list -s localhost:50051", "vaectl: --server is 'localhost:50051'; it must be an address such as http://127.0.0.1:50051.\n")]
    [InlineData("list -s ftp://x", "vaectl: --server is 'ftp://x'; it must be an address such as http://127.0.0.1:50051.\n")]
    [InlineData("submit nowhere.yaml", "vaectl: The spec is 'nowhere.yaml', and no such file exists; examples/ has specs to start from.\n")]
    [InlineData("submit /", "vaectl: The spec is '/', which cannot be read: Access to the path '/' is denied.\n")]
    public async Task CommandLine_ThatIsAtFault_ExitsWith2_AndSaysWhy(string line, string error)
    {
        var result = await VaectlResult.OfAsync(line.Split(' '));

        Assert.Equal((ExitCode.Usage, "", error), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Call_WithoutAServer_ExitsWith4_AndSaysWhatToDo()
    {
        var result = await VaectlResult.OfAsync("list", "--server", "http://127.0.0.1:1");

        Assert.Equal((ExitCode.Unavailable, ""), (result.ExitCode, result.Output));
        Assert.Equal("vaectl: No silo answers at http://127.0.0.1:1/ (Connection refused). Start one with `vaesilo dev`, or name another with --server.\n", result.Error);
    }

    [Fact]
    public async Task Version_OfTheClient_AsksNobody()
    {
        var text = await VaectlResult.OfAsync("version", "--client", "-s", "http://127.0.0.1:1");
        var json = await VaectlResult.OfAsync("version", "--client", "-o", "json");

        Assert.Equal((ExitCode.Success, $"vaectl {Version}\n"), (text.ExitCode, text.Output));
        Assert.Equal($"{{ \"version\": \"{Version}\", \"silo\": \"\", \"cluster_id\": \"\" }}\n", json.Output);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _vaectl vaectl")]
    [InlineData("zsh", "compdef _vaectl vaectl")]
    [InlineData("fish", "complete -c vaectl")]
    public async Task Completion_OfEachShell_AsksThisProgram(string shell, string registration)
    {
        var result = await VaectlResult.OfAsync("completion", shell);

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.Contains(registration, result.Output, StringComparison.Ordinal);
        Assert.Contains("[suggest:", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vaectl su", "submit")]
    [InlineData("vaectl artifacts d", "download")]
    [InlineData("vaectl list --phase ru", "running")]
    [InlineData("vaectl list -o ", "json")]
    [InlineData("vaectl submit run.yaml --w", "--watch")]
    public async Task Suggestions_ForAWordThatIsBegun_HoldTheRestOfIt(string line, string expected)
    {
        var result = await VaectlResult.OfAsync($"[suggest:{line.Length}]", line);

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.Contains(expected, result.Lines);
    }

    [Fact]
    public async Task Validate_OfAValidSpec_PrintsItWithEveryDefault_WithoutAServer()
    {
        var result = await VaectlResult.OfAsync(["validate", "-", "--set", "training.epochs=7"], "name: x");

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Contains("    \"epochs\": 7,", result.Lines);
        Assert.Contains("\"learningRate\": 0.001", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_OfANameThatVaectlDoesNotKnow_WhereNoSiloAnswers_SaysWhichItKnows()
    {
        var result = await VaectlResult.OfAsync(["validate", "-", "-s", "http://127.0.0.1:1", "--set", "model.kind=strided"], "name: x");

        Assert.Equal(
            (ExitCode.Usage,
            "vaectl: model.kind is strided; it must be one of mlp, mlp-2d, iwae-mlp, conv28, conv64, ae, vq. Choose one of mlp, mlp-2d, iwae-mlp, conv28, conv64, ae, vq, or start the silos with the extension that has it.\n"),
            (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Validate_OfABadSpec_ExitsWith2_AndSaysEveryFault()
    {
        var text = await VaectlResult.OfAsync(["validate", "-"], "nam: x\nseed: -1");
        var json = await VaectlResult.OfAsync(["validate", "-", "-o", "json"], "nam: x\nseed: -1");

        Assert.Equal((ExitCode.Usage, ""), (text.ExitCode, text.Output));
        Assert.StartsWith("vaectl: line 1: nam is not a field of the spec. Did you mean name?\nvaectl: line 2: seed is -1; it must be ", text.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Usage, ""), (json.ExitCode, json.Error));
        Assert.StartsWith("{ \"errors\": [ { \"path\": \"nam\", ", json.Output, StringComparison.Ordinal);
    }

    private static string Version => typeof(VaeClusterClient).Assembly.GetName().Version!.ToString(3);
}
