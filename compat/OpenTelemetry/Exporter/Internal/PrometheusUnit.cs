using System.Text.RegularExpressions;

namespace OpenTelemetry.Exporter.Internal;

/// <summary>Turns a UCUM unit, as instruments have, into the words that Prometheus' names end with.</summary>
internal static partial class PrometheusUnit
{
    /// <summary>The unit in words; empty where a name gets none.</summary>
    public static string Of(string unit)
    {
        // {requests} says what is counted; it is no unit.
        unit = Annotation().Replace(unit, "");
        var slash = unit.IndexOf('/', StringComparison.Ordinal);
        var words = slash >= 0 && slash < unit.Length - 1
            ? $"{Word(unit[..slash])}_per_{PerWord(unit[(slash + 1)..])}"
            : Word(unit);
        return Forbidden().Replace(words, "_").Trim('_');
    }

    private static string Word(string unit) => unit switch
    {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tibibytes",
        "KBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "B" => "bytes",
        "KB" => "kilobytes",
        "MB" => "megabytes",
        "GB" => "gigabytes",
        "TB" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "%" => "percent",
        "$" => "dollars",
        // A plain number has no unit.
        "1" => "",
        _ => unit,
    };

    private static string PerWord(string unit) => unit switch
    {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        _ => unit,
    };

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Annotation();

    [GeneratedRegex("[^a-zA-Z0-9:]+")]
    private static partial Regex Forbidden();
}
