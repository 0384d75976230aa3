using System.Text.Json;
using VaeCluster.Data;

namespace VaeCluster.Silo.Configuration;

/// <summary>Binds a silo's settings from a file, the environment and the flags, where the later source wins, and keeps where each came from.</summary>
internal sealed class SiloConfiguration
{
    private readonly ConfigurationBuilder _builder = new();
    private readonly Dictionary<string, string> _sources = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="flags">Flags that were given, by their name.</param>
    /// <param name="configPath">The settings file; null for none.</param>
    /// <param name="environment">The environment variables; an empty one counts as not given.</param>
    public SiloConfiguration(IReadOnlyDictionary<string, string> flags, string? configPath, IReadOnlyDictionary<string, string> environment)
    {
        if (configPath is not null)
            AddFile(configPath);
        Add(SiloSetting.VariablePrefix, environment.Where(variable => variable.Value.Length > 0 && variable.Key != CacheFolder.Variable));
        Add(SiloSetting.FlagPrefix, flags);
        foreach (var section in _builder.Build().GetChildren())
            Bind(section.Key, section.Value, _sources[section.Key]);
    }

    /// <summary>The settings: those without an error are bound, the others have their default.</summary>
    public SiloSettings Settings { get; } = new();

    /// <summary>What could not be read or bound. Each sentence begins with the flag, the variable, or the key and its file.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Where the property of this name came from; its flag when it has its default, because that is how to change it.</summary>
    public string SourceOf(string name) => _sources.GetValueOrDefault(name) ?? SiloSetting.Find(name)!.Flag;

    private void AddFile(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var file = new ConfigurationBuilder().AddJsonStream(stream).Build();
            foreach (var section in file.GetChildren())
                _sources[section.Key] = $"{section.Key} in {path}";
            _builder.AddConfiguration(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or JsonException)
        {
            Errors.Add($"--config is {path}, which cannot be read: {e.Message}");
        }
    }

    private void Add(string prefix, IEnumerable<KeyValuePair<string, string>> values)
    {
        var keyed = new Dictionary<string, string?>();
        foreach (var (source, value) in values.Where(given => given.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            // --grpc-port and VAECLUSTER_GRPC_PORT are both the key grpcport; keys ignore case.
            var key = string.Concat(source[prefix.Length..].Where(char.IsAsciiLetterOrDigit));
            keyed[key] = value;
            _sources[key] = source;
        }
        _builder.AddInMemoryCollection(keyed);
    }

    /// <summary>Binds one setting by itself: the binder stops at the first error, and all are to be named.</summary>
    private void Bind(string key, string? value, string source)
    {
        if (SiloSetting.Find(key) is not { } setting)
            Errors.Add($"{source} is not a setting; `vaesilo --help` lists the settings.");
        else if (string.IsNullOrWhiteSpace(value))
            Errors.Add($"{source} must be one text or number that is not empty. Leave it out for its default.");
        else if (!setting.TryBind(Settings, value))
            Errors.Add($"{source} is '{value}'; it must be a whole number.");
    }
}
