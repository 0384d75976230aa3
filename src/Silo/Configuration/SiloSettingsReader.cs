using System.Text.Json;

namespace VaeCluster.Silo.Configuration;

/// <summary>Puts a silo's settings together from the file, the environment and the command line.</summary>
internal static class SiloSettingsReader
{
    /// <param name="flags">Flags that were given, by their name.</param>
    /// <param name="configPath">The settings file; null for none.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="faults">Receives what could not be read.</param>
    public static SiloSettings Read(IReadOnlyDictionary<string, string> flags, string? configPath, Func<string, string?> environment, List<string> faults)
    {
        var options = new SiloSettings();
        var file = configPath is null ? [] : ReadFile(configPath, faults);
        foreach (var setting in SiloSetting.All)
        {
            var (text, source) =
                flags.TryGetValue(setting.Flag, out var flag) ? (flag, setting.Flag)
                : environment(setting.Variable) is { Length: > 0 } variable ? (variable, setting.Variable)
                : file.TryGetValue(setting.Key, out var value) ? (value, $"{setting.Key} in {configPath}")
                : (null, "");
            if (text is not null && setting.Apply(options, text, source) is { } fault)
                faults.Add(fault);
        }
        return options;
    }

    private static Dictionary<string, string> ReadFile(string path, List<string> faults)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new JsonException("it must be one object");
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (WhyNotASetting(property, values) is { } fault)
                    faults.Add($"{property.Name} in {path} {fault}");
                else
                    values.Add(property.Name, property.Value.ToString());
            }
            return values;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            faults.Add($"--config is {path}, which cannot be read: {e.Message}");
            return [];
        }
    }

    private static string? WhyNotASetting(JsonProperty property, Dictionary<string, string> values)
    {
        if (SiloSetting.All.All(setting => setting.Key != property.Name))
            return $"is not a setting; there are {string.Join(", ", SiloSetting.All.Select(setting => setting.Key))}.";
        if (property.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
            return $"is {property.Value.GetRawText()}; it must be a text or a number. Leave it out for its default.";
        return values.ContainsKey(property.Name) ? "is given twice; keep one of them." : null;
    }
}
