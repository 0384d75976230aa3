using System.ComponentModel;
using VaeCluster.Silo.Configuration;

namespace VaeCluster.Silo.Tests.Configuration;

public sealed class SiloConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vaesilo-tests-");
    private readonly Dictionary<string, string> _flags = [];
    private readonly Dictionary<string, string> _environment = [];
    private IReadOnlyList<string> _errors = [];

    private string ConfigPath => Path.Combine(_folder.FullName, "silo.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Read_WithNothingGiven_GivesTheDefaultOfEverySetting()
    {
        var settings = Read();

        Assert.Empty(_errors);
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
        Assert.Null(settings.DataRoots);
        Assert.Null(settings.DataMemory);
        Assert.Equal("text", settings.LogFormat);
        Assert.Null(settings.Extensions);
        Assert.Equal(19, SiloSetting.All.Count);
    }

    [Fact]
    public void EffectiveDataRoots_OnLoopback_AreAroundTheSilo_AndNoneElsewhere()
    {
        Assert.Equal([Directory.GetCurrentDirectory(), "d", "/data"], new SiloSettings { DataDir = "d" }.EffectiveDataRoots);
        Assert.Empty(new SiloSettings { Bind = "0.0.0.0" }.EffectiveDataRoots);
        Assert.Equal(["/a", "b"], new SiloSettings { Bind = "0.0.0.0", DataRoots = "/a, b," }.EffectiveDataRoots);
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
              "instance": 7, "name": "n", "dataDir": "d", "dataRoots": "r", "dataMemory": 6, "devices": "none", "grpcPort": "1", "httpPort": 2, "siloPort": 3, "gatewayPort": 4,
              "bind": "0.0.0.0", "advertise": "10.0.0.1", "primary": "10.0.0.2:5", "redis": "r:6", "clusterId": "c",
              "silentSiloTimeout": 5, "extensions": "e.dll,f.dll", "logLevel": "debug", "logFormat": "json",
            }
            """);

        var settings = Read();

        Assert.Empty(_errors);
        Assert.Equal("7 n d r 6 none 1 2 3 4 0.0.0.0 10.0.0.1 10.0.0.2:5 r:6 c 5 e.dll,f.dll debug json", string.Join(' ', typeof(SiloSettings).GetProperties()
            .Where(property => property.IsDefined(typeof(DescriptionAttribute), inherit: false)).Select(property => property.GetValue(settings))));
    }

    [Fact]
    public void Read_WithTextForNumbers_NamesEachWithItsPlace()
    {
        Config("""{ "siloPort": "x" }""");
        _environment["VAECLUSTER_HTTP_PORT"] = "tcp://10.0.0.1:9464";
        _flags["--grpc-port"] = "1e3";

        Read();

        Assert.Equal(
        [
            $"siloPort in {ConfigPath} is 'x'; it must be a whole number.",
            "VAECLUSTER_HTTP_PORT is 'tcp://10.0.0.1:9464'; it must be a whole number.",
            "--grpc-port is '1e3'; it must be a whole number.",
        ], _errors);
    }

    [Fact]
    public void Read_WithOddThingsInTheFile_NamesEach()
    {
        Config("""{ "grpc-port": 1, "name": null, "devices": ["cuda:0"], "advertise": { "ip": "10.0.0.1" }, "redis": [], "isDev": true, "clusterId": "c" }""");

        var settings = Read();

        Assert.Equal(
        [
            Empty("advertise"), Empty("devices"), NoSetting("grpc-port"), NoSetting("isDev"), Empty("name"), Empty("redis"),
        ], _errors.Order(StringComparer.Ordinal));
        Assert.Equal(("auto", "c", false), (settings.Devices, settings.ClusterId, settings.IsDev));

        string NoSetting(string key) => $"{key} in {ConfigPath} is not a setting; `vaesilo --help` lists the settings.";
        string Empty(string key) => $"{key} in {ConfigPath} must be a single text or number that is not empty. Leave it out for its default.";
    }

    [Fact]
    public void Read_WithAVariableThatIsNoSetting_NamesIt_ButNotThatOfTheCacheNorOtherPrograms()
    {
        _environment["VAECLUSTER_GPRC_PORT"] = "1";
        _environment["VAECLUSTER_CACHE_DIR"] = "/cache";
        _environment["PATH"] = "/bin";

        Read();

        Assert.Equal(["VAECLUSTER_GPRC_PORT is not a setting; `vaesilo --help` lists the settings."], _errors);
    }

    [Fact]
    public void Read_WithEmptyFlags_NamesEach()
    {
        _flags["--grpc-port"] = "";
        _flags["--data-dir"] = " ";

        Read();

        Assert.Equal(
        [
            "--grpc-port must be a single text or number that is not empty. Leave it out for its default.",
            "--data-dir must be a single text or number that is not empty. Leave it out for its default.",
        ], _errors);
    }

    [Fact]
    public void Read_WithTheSameErrorInEverySource_NamesEach()
    {
        Config("""{ "gprcPort": 1, "instance": "a" }""");
        _environment["VAECLUSTER_GPRC_PORT"] = "2";
        _environment["VAECLUSTER_INSTANCE"] = "b";
        _flags["--instance"] = "4";

        var settings = Read();

        Assert.Equal(
        [
            $"gprcPort in {ConfigPath} is not a setting; `vaesilo --help` lists the settings.",
            $"instance in {ConfigPath} is 'a'; it must be a whole number.",
            "VAECLUSTER_GPRC_PORT is not a setting; `vaesilo --help` lists the settings.",
            "VAECLUSTER_INSTANCE is 'b'; it must be a whole number.",
        ], _errors);
        Assert.Equal(4, settings.Instance);
    }

    [Fact]
    public void SourceOf_IsTheSourceThatWon_AndTheFlagOfADefault()
    {
        Config("""{ "grpcPort": 1001, "httpPort": 1002, "siloPort": 1003 }""");
        _environment["VAECLUSTER_GRPC_PORT"] = "1002";
        _environment["VAECLUSTER_HTTP_PORT"] = "1002";
        _flags["--grpc-port"] = "1003";

        var configuration = new SiloConfiguration(_flags, ConfigPath, _environment);

        Assert.Equal(
            ["--grpc-port", "VAECLUSTER_HTTP_PORT", $"siloPort in {ConfigPath}", "--gateway-port"],
            new[] { nameof(SiloSettings.GrpcPort), nameof(SiloSettings.HttpPort), nameof(SiloSettings.SiloPort), nameof(SiloSettings.GatewayPort) }.Select(configuration.SourceOf));
    }

    [Theory]
    [InlineData("[]", "Top-level JSON element must be an object")]
    [InlineData("{ \"name\": ", "Expected depth to be zero")]
    [InlineData("{ \"name\": \"a\", \"name\": \"b\" }", "A duplicate key 'name' was found")]
    public void Read_WithAFileThatIsNoObject_NamesTheFile(string content, string why)
    {
        Config(content);

        Read();

        var error = Assert.Single(_errors);
        Assert.StartsWith($"--config is {ConfigPath}, which cannot be read: ", error, StringComparison.Ordinal);
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WithAFileThatIsNotThere_NamesTheFile_AndReadsTheRest()
    {
        _flags["--name"] = "n";

        var settings = Read(ConfigPath);

        Assert.Equal([$"--config is {ConfigPath}, which cannot be read: Could not find file '{ConfigPath}'."], _errors);
        Assert.Equal("n", settings.Name);
    }

    private void Config(string content) => File.WriteAllText(ConfigPath, content);

    private SiloSettings Read() => Read(File.Exists(ConfigPath) ? ConfigPath : null);

    private SiloSettings Read(string? configPath)
    {
        var configuration = new SiloConfiguration(_flags, configPath, _environment);
        _errors = configuration.Errors;
        return configuration.Settings;
    }
}
