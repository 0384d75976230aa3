using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Internal;

/// <summary>The labels of a series. Tags whose names become the same share a label: their values are joined.</summary>
internal sealed class LabelSet
{
    private const string ScopePrefix = "otel_scope_";

    private readonly List<string> _names = [];
    private readonly Dictionary<string, List<(string Key, string Value)>> _values = new(StringComparer.Ordinal);

    public bool IsEmpty => _names.Count == 0;

    /// <summary>Everything that a label's name cannot hold becomes an underscore, and several of them one.</summary>
    public static string NameOf(string key)
    {
        var name = new StringBuilder(key.Length + 1);
        foreach (var c in key)
        {
            if (char.IsAsciiDigit(c) && name.Length == 0)
                name.Append('_');
            if (char.IsAsciiLetterOrDigit(c) || c == '_')
                name.Append(c);
            else if (name is not [.., '_'])
                name.Append('_');
        }

        return name.Length == 0 ? "_" : name.ToString();
    }

    public void Add(string key, object? value) => Add(NameOf(key), key, value);

    public void AddScope(Metric metric)
    {
        Add(ScopePrefix + "name", metric.MeterName);
        AddUnlessEmpty(ScopePrefix + "version", metric.MeterVersion);
        AddUnlessEmpty(ScopePrefix + "schema_url", metric.MeterSchemaUrl);
        foreach (var (key, value) in metric.MeterTags ?? [])
        {
            // A meter's tags must not take the place of its name.
            var name = NameOf(ScopePrefix + key);
            if (name is not (ScopePrefix + "name" or ScopePrefix + "version" or ScopePrefix + "schema_url"))
                Add(name, key, value);
        }
    }

    /// <summary>The same labels and one more at the end.</summary>
    public string With(string name, string value) => ToString()[..^1] + (IsEmpty ? "" : ",") + $"{name}=\"{value}\"}}";

    public override string ToString() =>
        "{" + string.Join(',', _names.Select(name => $"{name}=\"{Escaping.Label(Joined(_values[name]))}\"")) + "}";

    private static string Joined(List<(string Key, string Value)> values) =>
        string.Join(';', values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Value));

    private void AddUnlessEmpty(string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            Add(key, value);
    }

    private void Add(string name, string key, object? value)
    {
        if (!_values.TryGetValue(name, out var values))
        {
            _values.Add(name, values = []);
            _names.Add(name);
        }

        values.Add((key, TextOf(value)));
    }

    private static string TextOf(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        double number => Numbers.Canonical(number),
        float number => Numbers.Canonical(number),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
