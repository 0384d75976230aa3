namespace VaeCluster.Benchmarks;

/// <summary>How a benchmark is run.</summary>
internal sealed record BenchmarkSettings
{
    /// <summary>How often everything is measured, one after the other.</summary>
    public required int Rounds { get; init; }

    /// <summary>Length of a measured window.</summary>
    public required double Seconds { get; init; }

    /// <summary>Names of the rows; empty for all.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>
    /// Whether it only shows that everything runs: windows are as short as asked, and the documentation stays as it is.
    /// </summary>
    public required bool IsQuick { get; init; }

    /// <summary>Whether the documentation is written: never with a part of the rows, or a quick run.</summary>
    public required bool WritesDocs { get; init; }

    /// <summary>The Python that has PyTorch.</summary>
    public required string Python { get; init; }

    /// <summary>Training before a window, in which code is compiled and memory is touched first.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Max(2, Seconds / 2));

    /// <summary>A window, of a length at least.</summary>
    /// <param name="secondsMin">What the measurement needs to mean anything.</param>
    public double Window(double secondsMin) => IsQuick ? Seconds : Math.Max(Seconds, secondsMin);
}
