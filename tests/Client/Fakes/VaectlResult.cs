namespace VaeCluster.Client.Tests.Fakes;

/// <summary>What a call of <c>vaectl</c> came to.</summary>
internal sealed record VaectlResult(int ExitCode, string Output, string Error)
{
    public static Task<VaectlResult> OfAsync(params string[] args) => OfAsync(args, "");

    public static async Task<VaectlResult> OfAsync(string[] args, string input, CancellationToken? cancellationToken = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = Terminal.Of(new StringReader(input), output, error, isRedirected: true);
        var exitCode = await VaectlCommand.RunAsync(args, terminal, cancellationToken ?? TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
        return new VaectlResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The lines of the output, without the blanks that fill up a table.</summary>
    public string[] Lines => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd())];
}
