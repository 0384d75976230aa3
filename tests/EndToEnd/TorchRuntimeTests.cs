using System.Net.NetworkInformation;

namespace VaeCluster.EndToEnd;

/// <summary>A silo whose libtorch does not load ends before anybody can know it.</summary>
public sealed class TorchRuntimeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vaesilo-without-torch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("cpu:1")]
    [InlineData("auto")] // Asks libtorch for CUDA devices while the settings are checked.
    public async Task Silo_WithATruncatedLibrary_SaysSoInOneLine_AndOpensNoPort(string devices)
    {
        var silo = BuiltRepository.Program("Silo", "vaesilo");
        Copy(Path.GetDirectoryName(silo)!, _folder);
        var library = Path.Combine(_folder, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        var content = await File.ReadAllBytesAsync(library, TestContext.Current.CancellationToken);
        File.Delete(library); // A link: what it points to must stay.
        await File.WriteAllBytesAsync(library, content[..^1], TestContext.Current.CancellationToken);
        var ports = LoopbackPorts.Free(4);
        await using var program = RunningProgram.Start(Path.Combine(_folder, "vaesilo"),
        [
            "dev", "--devices", devices, "--data-dir", Path.Combine(_folder, "data"),
            "--grpc-port", $"{ports[0]}", "--http-port", $"{ports[1]}", "--silo-port", $"{ports[2]}", "--gateway-port", $"{ports[3]}",
        ]);

        var exitCode = await program.ExitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.Equal(
            $"vaesilo: libtorch cannot be loaded: {library} is truncated; "
            + "free space on the disk, delete the file, and build or publish vaesilo again.",
            program.Output.Trim());
        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        Assert.DoesNotContain(listeners, listener => ports.Contains(listener.Port));
    }

    /// <summary>Makes a folder that the program takes for its own: what it finds its folder by is copied, the rest is linked.</summary>
    private static void Copy(string from, string to)
    {
        // Not what else lies there: publishing has its folders within this one.
        var libraries = Path.Combine("runtimes", "linux-x64", "native");
        Directory.CreateDirectory(Path.Combine(to, libraries));
        foreach (var file in Directory.GetFiles(from).Concat(Directory.GetFiles(Path.Combine(from, libraries))))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            if (Path.GetFileName(file).StartsWith("vaesilo", StringComparison.Ordinal))
                File.Copy(file, copy);
            else
                File.CreateSymbolicLink(copy, file);
        }
    }
}
