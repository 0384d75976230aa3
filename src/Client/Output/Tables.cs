using Spectre.Console;
using VaeCluster.Contracts;
using VaeCluster.Contracts.V1;
using VaeCluster.Data.Images;
using static VaeCluster.Client.Output.ProgressText;

namespace VaeCluster.Client.Output;

/// <summary>Lists as tables.</summary>
internal static class Tables
{
    public static void WriteRuns(Terminal terminal, IReadOnlyCollection<Run> runs)
    {
        if (runs.Count == 0)
        {
            terminal.Output.WriteLine("The cluster has no runs. Submit one: vaectl submit examples/shapes-mlp.yaml --watch");
            return;
        }
        var table = New("RUN", "PHASE", "STEP", "ELBO", "TEST ELBO", "AGE", "DEVICES");
        foreach (var run in runs)
        {
            var p = run.Progress;
            AddRow(table,
                run.RunId,
                Of(run.Phase),
                p.StepCount == 0 ? "-" : $"{p.Step}/{p.StepCount}",
                p.Samples == 0 ? "-" : Inv($"{p.ElboNats:F2}"),
                run.Results is null ? "-" : Inv($"{run.Results.TestElboNats:F2}"),
                Duration(DateTime.UtcNow - run.SubmittedAt.ToDateTime()),
                run.Devices.Count == 0 ? "-" : string.Join(" ", run.Devices));
        }
        terminal.Console.Write(table);
    }

    public static void WriteDevices(Terminal terminal, IReadOnlyCollection<DeviceInfo> devices)
    {
        if (devices.Count == 0)
        {
            terminal.Output.WriteLine("The cluster has no devices. Start a silo with --devices auto.");
            return;
        }
        var table = New("DEVICE", "KIND", "RUN", "DESCRIPTION");
        foreach (var device in devices)
            AddRow(table, device.Id, device.Kind, device.RunId.Length == 0 ? "-" : device.RunId, device.Description);
        terminal.Console.Write(table);
    }

    public static void WriteArtifacts(Terminal terminal, IReadOnlyCollection<Artifact> artifacts)
    {
        if (artifacts.Count == 0)
        {
            terminal.Output.WriteLine("The run has no files yet.");
            return;
        }
        var table = New("NAME", "SIZE", "WRITTEN");
        foreach (var artifact in artifacts)
            AddRow(table, artifact.Name, Bytes(artifact.SizeBytes), Inv($"{artifact.ModifiedAt.ToDateTime():yyyy-MM-dd HH:mm:ss}Z"));
        terminal.Console.Write(table);
    }

    public static void WriteCaches(Terminal terminal, IReadOnlyCollection<CachedImages> caches)
    {
        var table = New("SIZE", "IMAGES", "SHAPE", "LAST USED", "SOURCE");
        foreach (var cache in caches)
        {
            var isComplete = cache.Images > 0;
            AddRow(table,
                Bytes(cache.Bytes),
                isComplete ? Inv($"{cache.Images}") : "-",
                isComplete ? cache.Shape : "-",
                Inv($"{cache.UsedAt:yyyy-MM-dd HH:mm:ss}Z"),
                !isComplete ? $"{cache.Path}, which is incomplete" : cache.Source.Length > 0 ? cache.Source : cache.Path);
        }
        terminal.Console.Write(table);
    }

    private static Table New(params string[] headings)
    {
        var table = new Table().NoBorder();
        foreach (var heading in headings)
            table.AddColumn(new TableColumn(heading).NoWrap());
        return table;
    }

    private static void AddRow(Table table, params string[] cells) =>
        table.AddRow([.. cells.Select(cell => new Markup(Markup.Escape(VisibleText.Of(cell))))]);
}
