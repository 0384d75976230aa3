using System.Globalization;
using VaeCluster.Data.Inspection;

namespace VaeCluster.Client.Output;

/// <summary>A data report for people.</summary>
internal static class DataReportText
{
    public static void Write(TextWriter output, DataReport report)
    {
        Line("Path", report.Path);
        Line("Source", report.Source);
        Line("Examples", Count(report.Examples));
        Line("Shape", report.Shape);
        Line("Values", string.Create(CultureInfo.InvariantCulture, $"{report.Minimum:0.####} to {report.Maximum:0.####}, mean {report.Mean:0.####}"));
        if (report.Sha256.Length > 0)
            Line("Pixels SHA-256", report.Sha256);
        if (report.Labels.Count > 0)
            Line("Labels", string.Join(", ", report.Labels.Select(pair => $"{pair.Key}: {Count(pair.Value)}")));
        if (report.Factors.Count > 0)
            Line("Factors", string.Join(", ", report.Factors.Select(pair => $"{pair.Key}: {pair.Value}")));
        if (report.Source == "images")
            Line("Bad files", Count(report.BadFiles));
        foreach (var name in report.BadNames)
            output.WriteLine($"  {name}");
        if (report.BadFiles > report.BadNames.Count)
            output.WriteLine($"  and {Count(report.BadFiles - report.BadNames.Count)} more");

        void Line(string name, string value) => output.WriteLine($"{name,-16}{value}");
    }

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
