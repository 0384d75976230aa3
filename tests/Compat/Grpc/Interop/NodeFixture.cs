using System.ComponentModel;
using System.Diagnostics;

// One for all classes: two installations at once would each delete what the other has put there.
[assembly: AssemblyFixture(typeof(VaeCluster.Compat.Grpc.Interop.NodeFixture))]

namespace VaeCluster.Compat.Grpc.Interop;

/// <summary>grpc-js, installed once from the committed lock file into an ignored folder.</summary>
public sealed class NodeFixture : IAsyncLifetime
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(3);

    private string? _whyNot;

    private static string Folder
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var node = Path.Combine(folder.FullName, "tests", "Compat", "Grpc", "node");
                if (File.Exists(Path.Combine(node, "package-lock.json")))
                    return node;
            }

            throw new InvalidOperationException($"No tests/Compat/Grpc/node above '{AppContext.BaseDirectory}'; run the tests from a checkout.");
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "@grpc", "grpc-js")))
            _whyNot = await InstallAsync();
        _whyNot ??= await WhyNotAsync("node", "--version");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts a script with both streams open. Whoever starts it closes its input, or kills it.</summary>
    internal Process Start(string script, params string[] arguments)
    {
        Assert.SkipWhen(_whyNot is not null, $"grpc-js is not there to test against: {_whyNot}");
        return Launch("node", [script, .. arguments]);
    }

    private static Process Launch(string program, IEnumerable<string> arguments) => Process.Start(
        new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;

    // Without the packages' scripts: none is needed, and none is ours.
    private static Task<string?> InstallAsync() => WhyNotAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");

    private static async Task<string?> WhyNotAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Launch(program, arguments);
            process.StandardInput.Close();
            var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(InstallTimeout);
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : $"'{program} {string.Join(' ', arguments)}' exits with {process.ExitCode}: {string.Concat(output)}";
        }
        catch (Win32Exception ex)
        {
            return $"'{program}' does not start: {ex.Message}";
        }
        catch (TimeoutException)
        {
            return $"'{program} {string.Join(' ', arguments)}' takes longer than {InstallTimeout.TotalMinutes} minutes";
        }
    }
}
