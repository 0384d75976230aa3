using System.ComponentModel;
using System.Diagnostics;

[assembly: AssemblyFixture(typeof(VaeCluster.Tests.Training.Export.ForeignRuntimes))]

namespace VaeCluster.Tests.Training.Export;

/// <summary>onnxruntime, installed once from the committed lock file into an ignored folder, and the system's PyTorch.</summary>
public sealed class ForeignRuntimes : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly Lazy<Task<string?>> _whyNoOnnx = new(InstallAsync);

    private static string Sources
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var sources = Path.Combine(folder.FullName, "tests", "Training", "Export");
                if (File.Exists(Path.Combine(sources, "node", "package-lock.json")))
                    return sources;
            }
            throw new InvalidOperationException($"No tests/Training/Export/node above '{AppContext.BaseDirectory}'; run the tests from a checkout.");
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Runs an ONNX file, and gives its output lines.</summary>
    internal async Task<string> RunOnnxAsync(string model, string input, string shape, string inputFile, string outputFolder)
    {
        var whyNot = await _whyNoOnnx.Value;
        Assert.SkipWhen(whyNot is not null, $"onnxruntime is not there to test against: {whyNot}");
        var (exitCode, output) = await RunAsync("node", "run.mjs", model, input, shape, inputFile, outputFolder);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>Runs a model.py, and gives its output lines.</summary>
    internal static async Task<string> RunPyTorchAsync(string folder, string xFile, string zFile, string outputFolder)
    {
        var whyNot = await WhyNotAsync("/usr/bin/python3", "-c", "import torch");
        Assert.SkipWhen(whyNot is not null, $"PyTorch is not there to test against: {whyNot}");
        var (exitCode, output) = await RunAsync("/usr/bin/python3", Path.Combine(Sources, "run.py"), folder, xFile, zFile, outputFolder);
        Assert.True(exitCode == 0, output);
        return output;
    }

    // Without the packages' scripts: what they fetch is for graphics cards.
    private static async Task<string?> InstallAsync() =>
        Directory.Exists(Path.Combine(Sources, "node", "node_modules", "onnxruntime-node"))
            ? await WhyNotAsync("node", "--version")
            : await WhyNotAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");

    private static async Task<string?> WhyNotAsync(string program, params string[] arguments)
    {
        try
        {
            var (exitCode, output) = await RunAsync(program, arguments);
            return exitCode == 0 ? null : $"'{program} {string.Join(' ', arguments)}' exits with {exitCode}: {output}";
        }
        catch (Win32Exception e)
        {
            return $"'{program}' does not start: {e.Message}";
        }
        catch (TimeoutException)
        {
            return $"'{program} {string.Join(' ', arguments)}' takes longer than {Patience.TotalMinutes} minutes";
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Path.Combine(Sources, "node"), RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(Patience);
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(output));
    }
}
