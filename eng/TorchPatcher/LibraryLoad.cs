using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VaeCluster.TorchPatcher;

/// <summary>Loads a library in a process of its own: a bad one can end the process that loads it.</summary>
internal static class LibraryLoad
{
    /// <summary>The command that a child process of this program runs.</summary>
    public const string Command = "load";

    /// <summary>Half a gigabyte from a slow disk takes a while.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>Tries to load a library.</summary>
    /// <param name="path">The library.</param>
    /// <param name="folders">Where the libraries that it needs are.</param>
    /// <returns>Why it does not load; null if it does.</returns>
    public static string? Try(string path, IEnumerable<string> folders)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(LibraryLoad).Assembly.Location, Command, path])
        {
            RedirectStandardOutput = true,
            Environment = { ["LD_LIBRARY_PATH"] = string.Join(':', [.. folders, .. Inherited()]) },
        };
        // The .NET that runs this program, which need not be the one in PATH.
        if (System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.FileName = Environment.ProcessPath!;
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEndAsync();
        if (!child.WaitForExit(Timeout))
        {
            child.Kill();
            return $"it had not loaded after {Timeout.TotalMinutes} minutes";
        }
        var text = output.GetAwaiter().GetResult().Trim();
        return child.ExitCode switch
        {
            0 => null,
            _ when text.Length > 0 => text,
            var code => $"the process that loaded it ended with exit code {code}",
        };
    }

    /// <summary>The child's part: loads, and writes the loader's text if that fails.</summary>
    public static int Run(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return 0;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // .NET's advice comes first, the loader's own words last.
            Console.WriteLine(e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1]);
            return 1;
        }
    }

    private static string[] Inherited() => Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") is { Length: > 0 } path ? [path] : [];
}
