using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Benchmarks.Workloads;

/// <summary>
/// A copy that moves as many bytes as <see cref="ParameterServerPath"/> must move: half of them are read and half written, in parts of
/// the same length, on as many threads as the parameter server may use.
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
        _from = Parts((int)(CountPerTurn / 2));
        _to = Parts((int)(CountPerTurn / 2));
    }

    /// <inheritdoc/>
    public double CountPerTurn { get; }

    /// <inheritdoc/>
    public void Turn() => Parallel.For(0, _from.Length, part => _from[part].CopyTo(_to[part], 0));

    private static byte[][] Parts(int bytes)
    {
        const int PartBytes = sizeof(float) * ParameterLayout.PartLengthMax;
        int[] starts = [.. Enumerable.Range(0, (bytes + PartBytes - 1) / PartBytes).Select(part => part * PartBytes)];
        return [.. starts.Select(start => new byte[Math.Min(PartBytes, bytes - start)])];
    }
}
