using System.Text.Json;
using System.Text.RegularExpressions;

namespace VaeCluster.EndToEnd;

/// <summary>The Grafana dashboard, as far as it can be held against metrics.</summary>
internal static partial class Dashboard
{
    private static readonly string PathOfFile = Path.Combine(BuiltRepository.Root, "k8s", "grafana", "vaecluster.json");

    /// <summary>The panels that show something; rows only part them.</summary>
    public static IReadOnlyList<JsonElement> Panels { get; } =
        [.. Read().GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row")];

    /// <summary>The variables that are asked of Prometheus, by name.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = Read().GetProperty("templating").GetProperty("list").EnumerateArray()
        .Where(variable => variable.GetProperty("type").GetString() == "query")
        .ToDictionary(variable => variable.GetProperty("name").GetString()!, variable => variable.GetProperty("definition").GetString()!);

    /// <summary>Title of the panel and expression, of every target of every panel.</summary>
    public static IEnumerable<(string Panel, string Expression)> Expressions =>
        from panel in Panels
        from target in panel.GetProperty("targets").EnumerateArray()
        select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!);

    /// <summary>The metrics that an expression names.</summary>
    public static IEnumerable<string> MetricsOf(string expression) => Metric().Matches(expression).Select(match => match.Value);

    /// <summary>An expression as Grafana sends it when all runs and silos are chosen.</summary>
    public static string Resolve(string expression) => expression
        .Replace("$__rate_interval", "10s", StringComparison.Ordinal)
        .Replace("$run", ".*", StringComparison.Ordinal)
        .Replace("$instance", ".*", StringComparison.Ordinal);

    private static JsonElement Read() => JsonDocument.Parse(File.ReadAllText(PathOfFile)).RootElement;

    [GeneratedRegex(@"\b(vaecluster|process|dotnet|orleans|http|kestrel)_(?!route\b)\w+")]
    private static partial Regex Metric();
}
