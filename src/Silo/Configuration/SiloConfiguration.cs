using System.Text.Json;
using VaeCluster.Data;

namespace VaeCluster.Silo.Configuration;

/// <summary>Binds a silo's settings from a file, then the environment, then the flags, so that the later source wins, and keeps where each came from.</summary>
internal sealed class SiloConfiguration
{
    private readonly Dictionary<string, string> _sources = [];

    /// <param name="flags">Flags that were given, by their name.</param>
    /// <param name="configPath">The settings file; null for none.</param>
    /// <param name="environment">The environment variables; an empty one counts as not given.</param>
    public SiloConfiguration(IReadOnlyDictionary<string, string> flags, string? configPath, IReadOnlyDictionary<string, string> environment)
    {
        if (configPath is not null)
            BindFile(configPath);
        foreach (var (variable, value) in environment.OrderBy(given => given.Key, StringComparer.Ordinal))
        {
            if (variable.StartsWith(SiloSetting.VariablePrefix, StringComparison.Ordinal) && variable != CacheFolder.Variable && value.Length > 0)
                Bind(SiloSetting.All.FirstOrDefault(setting => setting.Variable == variable), value, variable);
        }
        foreach (var (flag, value) in flags)
            Bind(SiloSetting.All.FirstOrDefault(setting => setting.Flag == flag), value, flag);
    }

    /// <summary>The settings: those without an error are bound, the others have their default.</summary>
    public SiloSettings Settings { get; } = new();

    /// <summary>What could not be read or bound, of every source. Each sentence begins with the flag, the variable, or the key and its file.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Where the property of this name came from; its flag when it has its default, because that is how to change it.</summary>
    public string SourceOf(string name) => _sources.GetValueOrDefault(name) ?? SiloSetting.Find(name)!.Flag;

    private void BindFile(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            foreach (var section in new ConfigurationBuilder().AddJsonStream(stream).Build().GetChildren())
                Bind(SiloSetting.Find(section.Key), section.Value, $"{section.Key} in {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or JsonException)
        {
            Errors.Add($"--config is {path}, which cannot be read: {e.Message}");
        }
    }

    private void Bind(SiloSetting? setting, string? value, string source)
    {
        if (setting is null)
            Errors.Add($"{source} is not a setting; `vaesilo --help` lists the settings.");
        else if (string.IsNullOrWhiteSpace(value))
            Errors.Add($"{source} must be a single text or number that is not empty. Leave it out for its default.");
        else if (!setting.TryBind(Settings, value))
            Errors.Add($"{source} is '{value}'; it must be a whole number.");
        else
            _sources[setting.Name] = source;
    }
}
