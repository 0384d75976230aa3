using VaeCluster.Silo.Configuration;

namespace VaeCluster.Silo.Tests.Configuration;

public sealed class SiloSettingsReaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vaesilo-tests-");
    private readonly Dictionary<string, string> _flags = [];
    private readonly Dictionary<string, string> _environment = [];
    private readonly List<string> _faults = [];

    private string ConfigPath => Path.Combine(_folder.FullName, "silo.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Read_WithNothingGiven_GivesTheDefaultOfEverySetting()
    {
        var settings = Read();

        Assert.Empty(_faults);
        Assert.Equal(0, settings.Instance);
        Assert.Null(settings.Name);
        Assert.Equal("vaecluster-data", settings.DataDir);
        Assert.Equal("auto", settings.Devices);
        Assert.Null(settings.GrpcPort);
        Assert.Null(settings.HttpPort);
        Assert.Null(settings.SiloPort);
        Assert.Null(settings.GatewayPort);
        Assert.Equal("127.0.0.1", settings.Bind);
        Assert.Null(settings.Advertise);
        Assert.Null(settings.Primary);
        Assert.Null(settings.Redis);
        Assert.Equal("vaecluster", settings.ClusterId);
        Assert.Equal(3, settings.SilentSiloTimeout);
        Assert.Equal("information", settings.LogLevel);
        Assert.Equal(15, SiloSetting.All.Count);
    }

    [Theory]
    [InlineData(0, "silo-0", 50051, 9464, 11111, 30000)]
    [InlineData(3, "silo-3", 50054, 9467, 11114, 30003)]
    public void Effective_WithAnInstance_MovesTheNameAndEveryPort(int instance, string name, int grpc, int http, int silo, int gateway)
    {
        var settings = new SiloSettings { Instance = instance };

        Assert.Equal((name, grpc, http, silo, gateway), (settings.EffectiveName, settings.EffectiveGrpcPort, settings.EffectiveHttpPort, settings.EffectiveSiloPort, settings.EffectiveGatewayPort));
    }

    [Theory]
    [InlineData(0, null, null, "127.0.0.1:11111")]
    [InlineData(0, 4711, null, "127.0.0.1:4711")]
    [InlineData(2, null, null, "127.0.0.1:11111")]
    [InlineData(2, 4711, null, "127.0.0.1:11111")]
    [InlineData(0, 4711, "10.0.0.5:1", "10.0.0.5:1")]
    public void EffectivePrimary_IsTheSiloItself_OnlyForInstanceZero(int instance, int? siloPort, string? primary, string expected)
    {
        var settings = new SiloSettings { Instance = instance, SiloPort = siloPort, Primary = primary };

        Assert.Equal(expected, settings.EffectivePrimary);
    }

    [Fact]
    public void Read_WithASettingInAllThreePlaces_TakesTheFlag()
    {
        Config("""{ "grpcPort": 1001 }""");
        _environment["VAECLUSTER_GRPC_PORT"] = "1002";
        _flags["--grpc-port"] = "1003";

        Assert.Equal(1003, Read().GrpcPort);
    }

    [Fact]
    public void Read_WithASettingInTheFileAndTheEnvironment_TakesTheEnvironment()
    {
        Config("""{ "grpcPort": 1001, "name": "of-the-file" }""");
        _environment["VAECLUSTER_GRPC_PORT"] = "1002";

        var settings = Read();

        Assert.Equal((1002, "of-the-file"), (settings.GrpcPort, settings.Name));
    }

    [Fact]
    public void Read_WithAnEmptyVariable_TakesItAsNotGiven()
    {
        _environment["VAECLUSTER_DEVICES"] = "";

        Assert.Equal("auto", Read().Devices);
    }

    [Fact]
    public void Read_WithEverySettingInTheFile_ReadsEachOfThem()
    {
        Config("""
            {
              // People leave notes, and commas at the end.
              "instance": 7, "name": "n", "dataDir": "d", "devices": "none", "grpcPort": "1", "httpPort": 2, "siloPort": 3, "gatewayPort": 4,
              "bind": "0.0.0.0", "advertise": "10.0.0.1", "primary": "10.0.0.2:5", "redis": "r:6", "clusterId": "c",
              "silentSiloTimeout": 5, "logLevel": "debug",
            }
            """);

        var settings = Read();

        Assert.Empty(_faults);
        Assert.Equal("7 n d none 1 2 3 4 0.0.0.0 10.0.0.1 10.0.0.2:5 r:6 c 5 debug", string.Join(' ', typeof(SiloSettings).GetProperties()
            .Where(property => property.IsDefined(typeof(SiloSettingAttribute), inherit: false)).Select(property => property.GetValue(settings))));
    }

    [Fact]
    public void Read_WithTextForNumbers_FaultsEachWithItsPlace()
    {
        Config("""{ "siloPort": "x" }""");
        _environment["VAECLUSTER_HTTP_PORT"] = "tcp://10.0.0.1:9464";
        _flags["--grpc-port"] = "1e3";

        Read();

        Assert.Equal(
        [
            "--grpc-port is '1e3'; it must be a whole number.",
            "VAECLUSTER_HTTP_PORT is 'tcp://10.0.0.1:9464'; it must be a whole number.",
            $"siloPort in {ConfigPath} is 'x'; it must be a whole number.",
        ], _faults);
    }

    [Fact]
    public void Read_WithOddThingsInTheFile_FaultsEach()
    {
        Config("""{ "grpc-port": 1, "name": null, "devices": ["cuda:0"], "bind": "127.0.0.1", "bind": "127.0.0.2" }""");

        var settings = Read();

        Assert.Equal(
        [
            $"grpc-port in {ConfigPath} is not a setting; there are instance, name, dataDir, devices, grpcPort, httpPort, siloPort, gatewayPort, bind, advertise, primary, redis, clusterId, silentSiloTimeout, logLevel.",
            $"name in {ConfigPath} is null; it must be a text or a number. Leave it out for its default.",
            $"devices in {ConfigPath} is [\"cuda:0\"]; it must be a text or a number. Leave it out for its default.",
            $"bind in {ConfigPath} is given twice; keep one of them.",
        ], _faults);
        Assert.Equal("auto", settings.Devices);
    }

    [Theory]
    [InlineData("[]", "it must be one object")]
    [InlineData("{ \"name\": ", "Expected depth to be zero")]
    public void Read_WithAFileThatIsNoObject_FaultsTheFile(string content, string why)
    {
        Config(content);

        Read();

        var fault = Assert.Single(_faults);
        Assert.StartsWith($"--config is {ConfigPath}, which cannot be read: ", fault, StringComparison.Ordinal);
        Assert.Contains(why, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WithAFileThatIsNotThere_FaultsTheFile_AndReadsTheRest()
    {
        _flags["--name"] = "n";

        var settings = SiloSettingsReader.Read(_flags, ConfigPath, _environment.GetValueOrDefault, _faults);

        Assert.Equal([$"--config is {ConfigPath}, which cannot be read: Could not find file '{ConfigPath}'."], _faults);
        Assert.Equal("n", settings.Name);
    }

    private void Config(string content) => File.WriteAllText(ConfigPath, content);

    private SiloSettings Read() => SiloSettingsReader.Read(_flags, File.Exists(ConfigPath) ? ConfigPath : null, _environment.GetValueOrDefault, _faults);
}
