using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using StackExchange.Redis;

namespace VaeCluster.Silo.Configuration;

/// <summary>
/// The settings of a silo. Each has one name in three spellings: <c>--grpc-port</c> on the command line, <c>VAECLUSTER_GRPC_PORT</c> in the
/// environment, <c>grpcPort</c> in the file that <c>--config</c> names. The command line wins over the environment, and that over the file.
/// </summary>
internal sealed class SiloSettings
{
    private const string BetweenRule = "it must be between {1} and {2}.";
    private const string NamePattern = "[A-Za-z0-9.-]{1,60}";
    private const string NameRule = "it must be 1 to 60 letters, digits, dashes and dots.";

    [Description("Number of this silo on its machine; it is added to every port that is not given, and silo 0 is the primary.")]
    [Range(0, 999, ErrorMessage = BetweenRule)]
    public int Instance { get; set; }

    [Description("Name of this silo, unique in the cluster; devices are named after it. Default: silo-<instance>.")]
    [RegularExpression(NamePattern, ErrorMessage = NameRule)]
    public string? Name { get; set; }

    [Description("Folder that the silos of a cluster share.")]
    public string DataDir { get; set; } = "vaecluster-data";

    [Description(
        "Folders that hold data, separated by commas: data.path of a spec must lie in one of them. Default: the working directory, the data directory and "
            + "/data for a silo on loopback; none for others, which read no files without it.")]
    public string? DataRoots { get; set; }

    [Description("MiB of memory that data sets may take on this silo, all runs together. Default: three quarters of what the process may have.")]
    [Range(1, 1 << 24, ErrorMessage = BetweenRule)]
    public int? DataMemory { get; set; }

    [Description("Devices that this silo offers: auto, none, cpu:2 for two CPU slots, or a list such as cuda:0,cuda:1.")]
    public string Devices { get; set; } = "auto";

    [Description("Port of the gRPC API. Default: 50051 + instance.")]
    [Range(1, 65535, ErrorMessage = BetweenRule)]
    public int? GrpcPort { get; set; }

    [Description("Port of /metrics, /healthz and /readyz. Default: 9464 + instance.")]
    [Range(1, 65535, ErrorMessage = BetweenRule)]
    public int? HttpPort { get; set; }

    [Description("Port between silos. Default: 11111 + instance.")]
    [Range(1, 65535, ErrorMessage = BetweenRule)]
    public int? SiloPort { get; set; }

    [Description("Port for clients of the grains. Default: 30000 + instance.")]
    [Range(1, 65535, ErrorMessage = BetweenRule)]
    public int? GatewayPort { get; set; }

    [Description("Address that the ports listen on; 0.0.0.0 is every address.")]
    public string Bind { get; set; } = "127.0.0.1";

    [Description("Address at which other silos reach this one. Default: the address it listens on, or the machine's own when that is every address.")]
    public string? Advertise { get; set; }

    [Description(
        "Address and port of the primary silo, which keeps the membership. Default: this silo itself for instance 0, else 127.0.0.1:11111. Not with --redis.")]
    public string? Primary { get; set; }

    [Description("Redis that keeps the membership, e.g. redis:6379; the cluster then survives the loss of any silo.")]
    public string? Redis { get; set; }

    [Description("Name of the cluster; silos of different clusters refuse each other.")]
    [RegularExpression(NamePattern, ErrorMessage = NameRule)]
    public string ClusterId { get; set; } = "vaecluster";

    [Description("Seconds of silence after which a silo is declared dead, 1 to 60; every other wait is derived from it. The same for all silos.")]
    [Range(1, 60, ErrorMessage = "it must be between {1} and {2} seconds.")]
    public int SilentSiloTimeout { get; set; } = 3;

    [Description(
        "Assemblies of extensions, separated by commas; specs may name their models, objectives and data sources. The same for all silos of a cluster.")]
    public string? Extensions { get; set; }

    [Description("Least level that is logged: trace, debug, information, warning, error or critical.")]
    // Not an enumeration: its parser would also take numbers, and "none", which hides why a silo ends.
    [RegularExpression(
        "(?i)trace|debug|information|warning|error|critical",
        ErrorMessage = "it must be trace, debug, information, warning, error or critical.")]
    public string LogLevel { get; set; } = "information";

    [Description("Form of the log: text, one line for people, or json, one object a line.")]
    [RegularExpression("(?i)text|json", ErrorMessage = "it must be text or json.")]
    public string LogFormat { get; set; } = "text";

    /// <summary>Whether this silo is a whole cluster by itself, to try things out.</summary>
    public bool IsDev { get; internal set; }

    public string EffectiveName => Name ?? $"silo-{Instance}";

    public int EffectiveGrpcPort => GrpcPort ?? 50051 + Instance;

    public int EffectiveHttpPort => HttpPort ?? 9464 + Instance;

    public int EffectiveSiloPort => SiloPort ?? 11111 + Instance;

    public int EffectiveGatewayPort => GatewayPort ?? 30000 + Instance;

    /// <summary>The folders that hold data. A silo that only its own machine reaches reads what lies around it; others read what they are told to.</summary>
    public IReadOnlyList<string> EffectiveDataRoots => DataRoots is not null
        ? DataRoots.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : IPAddress.IsLoopback(IPAddress.Parse(Bind)) ? [Directory.GetCurrentDirectory(), DataDir, "/data"] : [];

    /// <summary>The address that other silos reach this one by.</summary>
    public IPAddress EffectiveAdvertise => IPAddress.Parse(Bind) is var bind && Advertise is not null ? IPAddress.Parse(Advertise)
        : bind.Equals(IPAddress.Any) || bind.Equals(IPAddress.IPv6Any) ? Dns.GetHostAddresses(Dns.GetHostName(), bind.AddressFamily)[0]
        : bind;

    public string OwnEndPoint => new IPEndPoint(EffectiveAdvertise, EffectiveSiloPort).ToString();

    /// <summary>Where the membership is kept, without secrets.</summary>
    public string Membership => Redis is null ? $"silo {EffectivePrimary}" : $"Redis {string.Join(',', ConfigurationOptions.Parse(Redis).EndPoints)}";

    public string EffectivePrimary => Primary ?? (Instance == 0 ? OwnEndPoint : "127.0.0.1:11111");
}
