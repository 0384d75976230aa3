using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>Reads <c>metrics.jsonl</c>, also while it is being written.</summary>
public static class MetricsFile
{
    /// <summary>The lines of a file; none when there is no file. A last line that a crash cut short is left out.</summary>
    public static IEnumerable<MetricsLine> Read(string path)
    {
        if (!File.Exists(path))
            yield break;
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (file.ReadLine() is { } line)
        {
            if (line.EndsWith('}'))
                yield return MetricsLine.Parse(line);
        }
    }
}
