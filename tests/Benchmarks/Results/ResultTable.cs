using System.Globalization;

namespace VaeCluster.Benchmarks.Results;

/// <summary>Renders results as a Markdown table whose columns are aligned, so that a terminal shows it as well.</summary>
internal static class ResultTable
{
    private static readonly string[] Header =
    [
        "row", "what", "against", "ours", "other", "ratio (min-max)", "target", "reached",
        "CPU s per 1,000: ours", "other", "peak MB: ours", "other",
    ];

    /// <summary>The table, ending with a line break.</summary>
    public static string Render(IEnumerable<RowResult> results)
    {
        string[][] lines = [Header, .. results.Select(Cells)];
        var widths = Enumerable.Range(0, Header.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
        string Aligned(string[] cells) =>
            Line(cells.Select((cell, column) => IsText(column) ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])));
        var rule = Line(widths.Select((width, column) => IsText(column) ? new string('-', width) : $"{new string('-', width - 1)}:"));
        return Aligned(Header) + rule + string.Concat(lines.Skip(1).Select(Aligned));
    }

    /// <summary>A line for each row that lacks a measurement, with the reason; empty when none does.</summary>
    public static string RenderFailures(IEnumerable<RowResult> results) =>
        string.Concat(results.Where(result => result.Failure.Length > 0).Select(result => $"- `{result.Row.Name}`: {result.Failure}\n"));

    private static bool IsText(int column) => column is < 3 or 7;

    private static string[] Cells(RowResult result) =>
    [
        result.Row.Name,
        result.Row.Title,
        result.Row.AgainstTitle.Length > 0 ? result.Row.AgainstTitle : "-",
        Value(result.Row, result.Ours),
        result.Row.Against is null ? "-" : Value(result.Row, result.Other),
        Ratio(result),
        Target(result.Row),
        result.IsReached switch { true => "yes", false => "no", null => result.Row.Target is null ? "-" : "not measured" },
        Number(result.Ours?.CpuSecondsPerThousand, "N3"),
        Number(result.Other?.CpuSecondsPerThousand, "N3"),
        Number(result.Ours?.PeakBytes / 1e6, "N0"),
        Number(result.Other?.PeakBytes / 1e6, "N0"),
    ];

    private static string Value(BenchmarkRow row, SideResult? side) =>
        side is null ? "failed" : row.Quantity.Text(side.Value.Median);

    /// <summary>The ratio with its spread; of a row that is not compared, the spread of its value.</summary>
    private static string Ratio(RowResult result)
    {
        if (result.Ratio is { } ratio)
            return $"{Number(ratio.Median, "N2")} ({Number(ratio.Min, "N2")}-{Number(ratio.Max, "N2")})";
        var format = result.Row.Quantity.Format;
        return result is { Row.Against: null, Ours.Value: var value } ? $"({Number(value.Min, format)}-{Number(value.Max, format)})" : "-";
    }

    private static string Target(BenchmarkRow row) => row switch
    {
        { Target: not { } } => "-",
        { Against: null } => $"at most {row.Quantity.Text(row.Target.Value)}",
        _ => $"at least {Number(row.Target, "N2")}",
    };

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
