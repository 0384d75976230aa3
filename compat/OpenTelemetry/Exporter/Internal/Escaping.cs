namespace OpenTelemetry.Exporter.Internal;

/// <summary>A line break would end the line, and a quotation mark the label.</summary>
internal static class Escaping
{
    public static string Label(string value) => Text(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    public static string Help(string value, ExpositionFormat format) => format.IsOpenMetrics ? Label(value) : Text(value);

    private static string Text(string value) => value
        .Replace("\\", @"\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
