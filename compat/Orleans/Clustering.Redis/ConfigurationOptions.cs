using System.Globalization;

namespace StackExchange.Redis;

/// <summary>How to reach a Redis, as much of it as finding silos takes.</summary>
public sealed class ConfigurationOptions
{
    /// <summary>Keywords that tune what the small client here does not have: pools, heartbeats and the like.</summary>
    private static readonly HashSet<string> Tuning = new(StringComparer.OrdinalIgnoreCase)
    {
        "name", "keepAlive", "syncTimeout", "asyncTimeout", "connectRetry", "configCheckSeconds", "allowAdmin", "resolveDns", "writeBuffer", "tiebreaker",
    };

    /// <summary>The servers, tried in order.</summary>
    public EndPointCollection EndPoints { get; init; } = [];

    public string? User { get; set; }

    public string? Password { get; set; }

    public bool Ssl { get; set; }

    /// <summary>The name that the server's certificate must have, if not the one it is reached by.</summary>
    public string? SslHost { get; set; }

    public int? DefaultDatabase { get; set; }

    /// <summary>In milliseconds.</summary>
    public int ConnectTimeout { get; set; } = 5000;

    /// <summary>Whether the start fails if no server can be reached, in place of waiting for one.</summary>
    public bool AbortOnConnectFail { get; set; } = true;

    public static ConfigurationOptions Parse(string configuration) => Parse(configuration, ignoreUnknown: false);

    /// <summary>Reads <c>host:port,password=...,ssl=true</c>.</summary>
    public static ConfigurationOptions Parse(string configuration, bool ignoreUnknown)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new ConfigurationOptions();
        foreach (var part in configuration.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) options.EndPoints.Add(part);
            else options.Set(part[..equals].Trim(), part[(equals + 1)..].Trim(), ignoreUnknown);
        }

        return options;
    }

    private void Set(string key, string value, bool ignoreUnknown)
    {
        switch (key.ToUpperInvariant())
        {
            case "USER": User = value; break;
            case "PASSWORD": Password = value; break;
            case "SSL": Ssl = Boolean(key, value); break;
            case "SSLHOST": SslHost = value; break;
            case "DEFAULTDATABASE": DefaultDatabase = Number(key, value); break;
            case "CONNECTTIMEOUT": ConnectTimeout = Number(key, value); break;
            case "ABORTCONNECT": AbortOnConnectFail = Boolean(key, value); break;
            default:
                if (!ignoreUnknown && !Tuning.Contains(key)) throw new ArgumentException($"Keyword '{key}' is not supported.", nameof(key));
                break;
        }
    }

    private static bool Boolean(string key, string value) => bool.TryParse(value, out var flag)
        ? flag
        : throw new ArgumentException($"Keyword '{key}' requires a boolean value; the value '{value}' is not recognised.", nameof(value));

    private static int Number(string key, string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new ArgumentException($"Keyword '{key}' requires an integer value; the value '{value}' is not recognised.", nameof(value));
}
