using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Benchmarks.Workloads;

/// <summary>The run that code of the product is measured with when it is measured without a cluster.</summary>
internal static class BenchmarkSpec
{
    /// <summary>784-512-20 on images of 28x28, long enough never to end.</summary>
    /// <exception cref="ArgumentException">The assignments are not valid.</exception>
    public static RunSpec Create(params string[] assignments)
    {
        var result = RunSpecReader.Read("", ["training.epochs=1000000", "data.test=0", "data.count=20480", .. assignments]);
        return result.Spec ?? throw new ArgumentException(string.Join('\n', result.Errors), nameof(assignments));
    }

    /// <summary>Such images as the spec asks for.</summary>
    public static DataDescription Data { get; } = new(1, 28, 28, 20480, 0, "");
}
