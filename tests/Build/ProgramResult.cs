using System.Diagnostics;

namespace VaeCluster.Build.Tests;

/// <summary>What a program came to.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    public string All => Output + Error;

    /// <summary>Runs <c>dotnet</c> in the repository. No node of MSBuild stays behind.</summary>
    public static Task<ProgramResult> OfDotnetAsync(params string[] arguments) =>
        RunAsync("dotnet", arguments, new() { ["MSBUILDDISABLENODEREUSE"] = "1", ["CI"] = "false" });

    /// <summary>Runs a program in the repository, with some of its environment set anew.</summary>
    public static async Task<ProgramResult> RunAsync(string program, IEnumerable<string> arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Timeout, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} had not ended after {Timeout.TotalMinutes} minutes.", e);
        }
        return new(process.ExitCode, await output, await error);
    }
}
