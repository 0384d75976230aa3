using TorchSharp.Native;

// Live tensors, thread counts and seeds belong to the whole process, so tests take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Compat.TorchSharp.Tests;

internal static class Assertions
{
    /// <summary>How many native tensors are out, once what other tests forgot is finalized: later it would be counted as freed here.</summary>
    internal static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return NativeMethods.TensorLiveCount();
    }

    /// <summary>The elements in row-major order, as doubles.</summary>
    internal static double[] Values(this Tensor tensor) => tensor.detach().to(ScalarType.Float64).data<double>().ToArray();

    internal static void Holds(Tensor actual, params double[] expected) => Near(expected, actual.Values(), 1e-9);

    internal static void Near(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var allowed = tolerance * Math.Max(1, Math.Abs(expected[i]));
            Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed, $"Element {i}: expected {expected[i]:R} within {allowed:E1}, found {actual[i]:R}.");
        }
    }

    internal static void HasShape(Tensor tensor, params long[] expected) => Assert.Equal(expected, tensor.shape);

    internal static Tensor Doubles(params double[] values) => tensor(values);

    internal static Tensor Doubles(double[,] values) => tensor(values);
}
