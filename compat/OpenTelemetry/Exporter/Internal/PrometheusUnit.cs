using System.Text.RegularExpressions;

namespace OpenTelemetry.Exporter.Internal;

/// <summary>Turns a UCUM unit, as instruments have, into the words that Prometheus' names end with.</summary>
internal static partial class PrometheusUnit
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["d"] = "days", ["h"] = "hours", ["min"] = "minutes", ["s"] = "seconds",
        ["ms"] = "milliseconds", ["us"] = "microseconds", ["ns"] = "nanoseconds",
        ["By"] = "bytes", ["KiBy"] = "kibibytes", ["MiBy"] = "mebibytes", ["GiBy"] = "gibibytes", ["TiBy"] = "tibibytes",
        ["KBy"] = "kilobytes", ["MBy"] = "megabytes", ["GBy"] = "gigabytes", ["TBy"] = "terabytes",
        ["B"] = "bytes", ["KB"] = "kilobytes", ["MB"] = "megabytes", ["GB"] = "gigabytes", ["TB"] = "terabytes",
        ["m"] = "meters", ["V"] = "volts", ["A"] = "amperes", ["J"] = "joules", ["W"] = "watts", ["g"] = "grams",
        ["Cel"] = "celsius", ["Hz"] = "hertz", ["%"] = "percent", ["$"] = "dollars",
        // A plain number has no unit.
        ["1"] = "",
    };

    private static readonly Dictionary<string, string> PerWords = new(StringComparer.Ordinal)
    {
        ["s"] = "second", ["m"] = "minute", ["h"] = "hour", ["d"] = "day", ["w"] = "week", ["mo"] = "month", ["y"] = "year",
    };

    /// <summary>The unit in words; empty where a name gets none.</summary>
    public static string Of(string unit)
    {
        // {requests} says what is counted; it is no unit.
        unit = Annotation().Replace(unit, "");
        var slash = unit.IndexOf('/', StringComparison.Ordinal);
        var words = slash >= 0 && slash < unit.Length - 1
            ? $"{Word(Words, unit[..slash])}_per_{Word(PerWords, unit[(slash + 1)..])}"
            : Word(Words, unit);
        return Forbidden().Replace(words, "_").Trim('_');
    }

    private static string Word(Dictionary<string, string> words, string unit) => words.GetValueOrDefault(unit, unit);

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Annotation();

    [GeneratedRegex("[^a-zA-Z0-9:]+")]
    private static partial Regex Forbidden();
}
