using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Benchmarks.Workloads;

/// <summary>
/// A copy that moves as many bytes as <see cref="ParameterServerPath"/> must move: half of them are read and half written, in parts of the same length, on
/// as many threads as the parameter server may use.
/// </summary>
internal sealed class MemoryCopy : IWorkload
{
    public const string Name = "copy";

    private readonly byte[][] _from;
    private readonly byte[][] _to;

    /// <summary>Arrays to copy.</summary>
    public MemoryCopy()
    {
        var length = ModelLayout.Of(BenchmarkSpec.Create(), BenchmarkSpec.Data).Length;
        CountPerTurn = ParameterServerPath.MovedPerValue * length;
        var parts = (int)Math.Ceiling(CountPerTurn / 2 / (sizeof(float) * ParameterLayout.PartLengthMax));
        var last = (int)(CountPerTurn / 2) - ((parts - 1) * sizeof(float) * ParameterLayout.PartLengthMax);
        byte[][] Arrays() => [.. Enumerable.Range(1, parts).Select(part => new byte[part < parts ? sizeof(float) * ParameterLayout.PartLengthMax : last])];
        _from = Arrays();
        _to = Arrays();
    }

    /// <inheritdoc/>
    public double CountPerTurn { get; }

    /// <inheritdoc/>
    public void Turn() => Parallel.For(0, _from.Length, part => _from[part].CopyTo(_to[part], 0));
}
