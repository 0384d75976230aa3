using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using VaeCluster.Benchmarks.Results;

namespace VaeCluster.Benchmarks;

/// <summary>What a benchmark found, as a page and as JSON.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Settings">How.</param>
/// <param name="Log">Every measurement.</param>
/// <param name="Results">The rows.</param>
internal sealed record BenchmarkReport(Machine Machine, BenchmarkSettings Settings, FigureLog Log, IReadOnlyList<RowResult> Results)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // A file, not a page: apostrophes stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The table, and the rows that lack something.</summary>
    public string Table
    {
        get
        {
            var failures = ResultTable.RenderFailures(Results);
            return ResultTable.Render(Results) + (failures.Length > 0 ? $"\nNot measured in some round:\n\n{failures}" : "");
        }
    }

    /// <summary>The page for docs/benchmarks.md.</summary>
    public string Page => $"""
        # Benchmarks

        `make bench` wrote this page and [benchmarks.json](benchmarks.json), which has every single measurement.
        [tests/Benchmarks](../tests/Benchmarks/README.md) says what each row measures and how to read it.
        {(Machine.Warning.Length > 0 ? $"\n**{Machine.Warning}**\n" : "")}
        {MachineText}

        {Table}
        A target with a peer is the least ratio of ours to the other; a target without one is the largest value.

        """;

    /// <summary>The machine, a line each.</summary>
    public string MachineText => string.Create(CultureInfo.InvariantCulture, $"""
        - Processor: {Machine.Processor}, {Machine.Cores} cores ({Machine.Flags}); governor: {Machine.Governor}; memory: {Machine.Memory}
        - System: {Machine.OperatingSystem}; {Machine.DotNet}; libtorch {Machine.LibTorch}; PyTorch {Machine.PyTorch}
        - Load average at the start: {Machine.LoadAverage}; in use by others: {Machine.BusyShare:P0}
        - Rounds: {Settings.Rounds}; windows of {Settings.Seconds} s
        """);

    /// <summary>Everything, for programs.</summary>
    public string Json => JsonSerializer.Serialize(
        new
        {
            Machine,
            Settings.Rounds,
            Settings.Seconds,
            Rows = Results.Select(Describe),
            Figures = Log.Measurements.ToDictionary(figure => figure.Key, figure => figure.Value.Values),
        },
        Options);

    private static object Describe(RowResult result) => new
    {
        result.Row.Name,
        result.Row.Title,
        Against = result.Row.AgainstTitle,
        result.Row.Quantity.Unit,
        result.Ours,
        result.Other,
        result.Ratio,
        result.Row.Target,
        result.IsReached,
        result.Failure,
    };
}
