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
    public async Task Run_WithValidFlags_RunsTheSiloAndReturnsItsExitCode()
    {
        var exitCode = await RunAsync("--name", "a", "--cluster-id", "c");

        Assert.Equal(7, exitCode);
        Assert.Equal(("a", "c"), (_ran!.Name, _ran.ClusterId));
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Run_WithErrors_ExitsWith2_AndStartsNothing()
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
        Assert.EndsWith("vaesilo: `vaesilo --help` lists the flags.\n", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithErrorsInFlagsAndFile_NamesThemAllAtOnce()
    {
        var config = Path.Combine(_folder.FullName, "silo.json");
        await File.WriteAllTextAsync(config, """{ "gprcPort": 1, "instance": "first", "logLevel": "loud", "primary": "10.0.0.5:1" }""", TestContext.Current.CancellationToken);

        var exitCode = await RunAsync("--gprc-port", "1", "--config", config, "--redis", "redis:6379", "--silent-silo-timeout", "61");

        Assert.Equal(SiloCommand.ExitUsage, exitCode);
        Assert.Null(_ran);
        Assert.Equal(
        [
            "vaesilo: Unrecognized command or argument '--gprc-port'.",
            "vaesilo: Unrecognized command or argument '1'.",
            "vaesilo: `vaesilo --help` lists the flags.",
            $"vaesilo: gprcPort in {config} is not a setting; `vaesilo --help` lists the settings.",
            $"vaesilo: instance in {config} is 'first'; it must be a whole number.",
            "vaesilo: --silent-silo-timeout is 61; it must be between 1 and 60 seconds.",
            $"vaesilo: logLevel in {config} is 'loud'; it must be trace, debug, information, warning, error or critical.",
            $"vaesilo: --redis is redis:6379 and primary in {config} is 10.0.0.5:1; only one of them can keep the membership. Leave one out.",
        ], _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Run_WithAFlagThatLacksItsValue_NamesIt()
    {
        var exitCode = await new SiloCommand(_ => Task.FromResult(0), _error).RunAsync(["--data-dir", _folder.FullName, "--devices", "none", "--instance", "900", "--name"]);

        Assert.Equal(SiloCommand.ExitUsage, exitCode);
        Assert.StartsWith("vaesilo: Required argument missing for option: '--name'.\n", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OfDev_TakesFlagsBeforeAndAfterIt()
    {
        var exitCode = await RunAsync("--name", "before", "dev", "--cluster-id", "after");

        Assert.Equal(7, exitCode);
        Assert.Equal((true, "before", "after"), (_ran!.IsDev, _ran.Name, _ran.ClusterId));
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
        string[] valid = ["--data-dir", _folder.FullName, "--devices", "none", "--grpc-port", $"{ports[0]}", "--http-port", $"{ports[1]}", "--silo-port", $"{ports[2]}", "--gateway-port", $"{ports[3]}"];
        return new SiloCommand(settings => Task.FromResult((_ran = settings) is null ? 0 : 7), _error).RunAsync([.. args, .. valid]);
    }
}
