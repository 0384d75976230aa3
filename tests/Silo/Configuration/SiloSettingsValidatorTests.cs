using System.Net;
using System.Net.Sockets;
using VaeCluster.Silo.Configuration;

namespace VaeCluster.Silo.Tests.Configuration;

public sealed class SiloSettingsValidatorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vaesilo-tests-");
    private readonly SiloSettings _settings;

    public SiloSettingsValidatorTests()
    {
        var ports = LoopbackPorts.Free(4);
        _settings = new SiloSettings { DataDir = _folder.FullName, Devices = "none", GrpcPort = ports[0], HttpPort = ports[1], SiloPort = ports[2], GatewayPort = ports[3] };
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Validate_WithValidSettings_FindsNothing_AndLeavesNothingBehind()
    {
        Assert.Empty(Validate());
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void Validate_WithManyErrors_FindsThemAllAtOnce()
    {
        (_settings.Name, _settings.ClusterId, _settings.Instance, _settings.LogLevel) = ("a b", "c/d", 1000, "loud");
        (_settings.Redis, _settings.Primary, _settings.Advertise, _settings.Devices) = ("redis:6379", "10.0.0.5", "silo.example", "gpu");
        _settings.GrpcPort = 0;
        _settings.HttpPort = _settings.SiloPort;

        Assert.Equal(
        [
            "--instance is 1000; it must be between 0 and 999.",
            "--name is 'a b'; it must be 1 to 60 letters, digits, dashes and dots.",
            "--grpc-port is 0; it must be between 1 and 65535.",
            "--cluster-id is 'c/d'; it must be 1 to 60 letters, digits, dashes and dots.",
            "--log-level is 'loud'; it must be trace, debug, information, warning, error or critical.",
            "--redis is redis:6379 and --primary is 10.0.0.5; only one of them can keep the membership. Leave one out.",
            "--primary is '10.0.0.5'; it must be an address and a port, such as 10.0.0.5:11111.",
            "--advertise is 'silo.example'; it must be an IP address, such as 127.0.0.1.",
            $"--http-port and --silo-port are both {_settings.SiloPort}; each needs a port of its own.",
            "--devices is 'gpu'; 'gpu' is not a device; write auto, none, cpu:2 for two CPU slots, or cuda:0,cuda:1.",
        ], Validate());
    }

    [Fact]
    public void Validate_WithAPortThatIsTaken_SaysWhichAndWhatToDo()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        _settings.GatewayPort = port;

        Assert.Equal([$"--gateway-port is {port}, and 127.0.0.1:{port} cannot be opened: Address already in use. Stop the process that uses it, or choose another port; --instance moves all ports at once."], Validate());
    }

    [Fact]
    public void Validate_WithAnAddressOfAnotherMachine_NamesEveryPort()
    {
        _settings.Bind = "192.0.2.1"; // Reserved for documentation, so it is nobody's.

        Assert.Equal(4, Validate().Count(error => error.Contains("192.0.2.1", StringComparison.Ordinal) && error.Contains("cannot be opened", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("localhost")]
    public void Validate_WithABindThatIsNoAddress_NamesIt(string bind)
    {
        _settings.Bind = bind;

        Assert.Equal([$"--bind is '{bind}'; it must be an IP address, such as 127.0.0.1."], Validate());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("none")]
    public void Validate_WithALevelThatTheFrameworkWouldTake_NamesIt(string level)
    {
        _settings.LogLevel = level;

        Assert.Equal([$"--log-level is '{level}'; it must be trace, debug, information, warning, error or critical."], Validate());
    }

    [Fact]
    public void Validate_WithALevelInCapitals_TakesIt()
    {
        _settings.LogLevel = "Warning";

        Assert.Empty(Validate());
    }

    [Fact]
    public void Validate_WithADataDirBelowAFile_SaysThatItIsNotWritable()
    {
        var file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "");
        _settings.DataDir = Path.Combine(file, "data");

        var error = Assert.Single(Validate());
        Assert.StartsWith($"--data-dir is '{_settings.DataDir}'; it is not writable: ", error, StringComparison.Ordinal);
        Assert.EndsWith("Give a folder that this user may write.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_WithAReadOnlyFileSystem_SaysThatItIsNotWritable()
    {
        // Holds for root too, whom permissions do not stop.
        _settings.DataDir = "/proc/vaecluster";

        Assert.StartsWith("--data-dir is '/proc/vaecluster'; it is not writable: ", Assert.Single(Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_WithMoreCpuSlotsThanThereCanBe_SaysHowMany()
    {
        _settings.Devices = "cpu:300";

        Assert.Equal(["--devices is 'cpu:300'; 'cpu:300' asks for 300 CPU slots; there can be 1 to 256."], Validate());
    }

    private List<string> Validate() => [.. new SiloSettingsValidator(_settings, name => SiloSetting.Find(name)!.Flag).Validate()];
}
