using System.ComponentModel;
using System.Diagnostics;

namespace VaeCluster.Tests.Training.Export;

/// <summary>Runs a model.py in the system's PyTorch.</summary>
internal static class PyTorchModels
{
    private const string Python = "/usr/bin/python3";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private static readonly Lazy<Task<string?>> WhyAbsent = new(WhyAbsentAsync);

    private static string Script
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var script = Path.Combine(folder.FullName, "tests", "Training", "Export", "run.py");
                if (File.Exists(script))
                    return script;
            }
            throw new InvalidOperationException(
                $"No tests/Training/Export/run.py above '{AppContext.BaseDirectory}'; run the tests from a checkout.");
        }
    }

    /// <summary>Runs the model of a folder; run.py writes each result into a file of its name.</summary>
    /// <returns>What it prints: the name and the shape of each.</returns>
    public static async Task<string> RunAsync(string folder, string xFile, string zFile, string outputFolder)
    {
        var absent = await WhyAbsent.Value;
        Assert.SkipWhen(absent is not null, $"PyTorch is absent ({absent}); it is in Debian's package python3-torch.");
        var (exitCode, output) = await RunPythonAsync(Script, folder, xFile, zFile, outputFolder);
        Assert.True(exitCode == 0, output);
        return output;
    }

    private static async Task<string?> WhyAbsentAsync()
    {
        try
        {
            var (exitCode, output) = await RunPythonAsync("-c", "import torch");
            return exitCode == 0 ? null : output.Trim().Split('\n')[^1];
        }
        catch (Win32Exception e)
        {
            return e.Message;
        }
    }

    private static async Task<(int ExitCode, string Output)> RunPythonAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var (printed, failed) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            var output = await Task.WhenAll(printed, failed).WaitAsync(Timeout);
            await process.WaitForExitAsync();
            return (process.ExitCode, string.Concat(output));
        }
        catch (TimeoutException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{Python} {string.Join(' ', arguments)} had not ended after {Timeout.TotalMinutes} minutes.", e);
        }
    }
}
