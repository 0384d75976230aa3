using System.Diagnostics;
using System.Text;

namespace VaeCluster.Tests.Support.Processes;

/// <summary>A program that was started, with what it has said so far. Killed when disposed, if it still runs.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private RunningProgram(ProcessStartInfo start)
    {
        // The tests' own variables are no settings of a silo, which would refuse them.
        string[] own = [.. start.Environment.Keys.Where(name => name.StartsWith("VAECLUSTER_CHAOS_", StringComparison.Ordinal))];
        foreach (var variable in own)
            start.Environment.Remove(variable);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to both of its outputs.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static RunningProgram Start(string path, IEnumerable<string> arguments, string? workingDirectory = null) =>
        Start(new ProcessStartInfo(path, arguments) { WorkingDirectory = workingDirectory ?? "" });

    /// <summary>Starts a program with an environment of its own.</summary>
    public static RunningProgram Start(ProcessStartInfo start) => new(start);

    /// <summary>Waits for its end and returns its exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(timeout, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} had not ended after {timeout.TotalSeconds} s. It said:\n{Output}", e);
        }
        return _process.ExitCode;
    }

    /// <summary>Asks it to end in good order, as Kubernetes does.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends it a signal.</summary>
    /// <param name="name">Without SIG, e.g. <c>STOP</c>.</param>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Ends it without a word to it, and waits until it is gone.</summary>
    public Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        return _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
