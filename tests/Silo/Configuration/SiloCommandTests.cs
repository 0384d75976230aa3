using VaeCluster.Silo.Configuration;

namespace VaeCluster.Silo.Tests.Configuration;

public sealed class SiloCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vaesilo-tests-");
    private readonly StringWriter _error = new();
    private SiloSettings? _ran;

    public void Dispose()
    {
        _error.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Run_WithSoundFlags_RunsTheSiloAndReturnsItsExitCode()
    {
        var exitCode = await RunAsync("--name", "a", "--cluster-id", "c");

        Assert.Equal(7, exitCode);
        Assert.Equal(("a", "c"), (_ran!.Name, _ran.ClusterId));
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Run_WithFaults_ExitsWith2_AndStartsNothing()
    {
        var exitCode = await RunAsync("--name", "a b", "--log-level", "loud");

        Assert.Equal(SiloCommand.ExitUsage, exitCode);
        Assert.Null(_ran);
        Assert.Equal(
            "vaesilo: --name is 'a b'; it must be 1 to 60 letters, digits, dashes and dots.\n"
            + "vaesilo: --log-level is 'loud'; it must be trace, debug, information, warning, error or critical.\n",
            _error.ToString());
    }

    [Fact]
    public async Task Run_WithAnUnknownFlag_ExitsWith2_AndNamesIt()
    {
        var exitCode = await RunAsync("--gprc-port", "1");

        Assert.Equal(SiloCommand.ExitUsage, exitCode);
        Assert.Null(_ran);
        Assert.Contains("vaesilo: Unrecognized command or argument '--gprc-port'.\n", _error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("vaesilo: `vaesilo --help` tells what there is.\n", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OfDev_IsItsOwnPrimary_WhateverItsNumber()
    {
        await RunAsync("dev", "--instance", "3");

        Assert.Equal(_ran!.OwnEndPoint, _ran.EffectivePrimary);
    }

    private Task<int> RunAsync(params string[] args)
    {
        var ports = LoopbackPorts.Free(4);
        string[] sound = ["--data-dir", _folder.FullName, "--devices", "none", "--grpc-port", $"{ports[0]}", "--http-port", $"{ports[1]}", "--silo-port", $"{ports[2]}", "--gateway-port", $"{ports[3]}"];
        return SiloCommand.RunAsync([.. args, .. sound], settings => Task.FromResult((_ran = settings) is null ? 0 : 7), _error);
    }
}
