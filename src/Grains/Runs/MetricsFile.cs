using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Runs;

/// <summary>Reads <c>metrics.jsonl</c>, also while it is being written.</summary>
public static class MetricsFile
{
    /// <summary>The lines of a file; none when there is no file. A last line that a crash cut short is left out.</summary>
    public static IEnumerable<MetricsLine> Read(string path) =>
        LineFile.Read(path).Where(line => line.IsComplete).Select(line => MetricsLine.Parse(line.Text));
}
