using VaeCluster.Benchmarks.Results;

namespace VaeCluster.Benchmarks.Probes;

/// <summary>Measures some figures, once a round.</summary>
/// <param name="figures">What it measures.</param>
internal abstract class Probe(params string[] figures)
{
    /// <summary>What it measures.</summary>
    public IReadOnlyList<string> Figures { get; } = figures;

    /// <summary>The measurements of one round, in the order of the figures.</summary>
    /// <exception cref="ProbeException">They could not be made on this machine.</exception>
    public abstract Task<IReadOnlyList<Measurement>> MeasureAsync(BenchmarkSettings settings, CancellationToken cancellationToken);
}
