using static TorchSharp.torch;

namespace VaeCluster.Benchmarks.Workloads;

/// <summary>
/// The matrix products of one step of the MLP 784-512-20 and nothing else: forward, backward with respect to the weights, and with
/// respect to the inputs but for the first layer's, which no step needs. No program that multiplies matrices by this library can be
/// faster.
/// </summary>
internal sealed class MatrixProducts : IWorkload
{
    public const string Name = "products";

    private static readonly (int From, int To)[] Layers = [(784, 512), (512, 40), (20, 512), (512, 784)];

    private readonly int _batch;
    private readonly (Tensor Input, Tensor Weight, Tensor OutputGradient)[] _layers;

    /// <summary>Makes the matrices.</summary>
    public MatrixProducts(WorkloadRequest request)
    {
        set_num_threads(request.Threads);
        _batch = request.Batch;
        _layers = [.. Layers.Select(layer => (rand(_batch, layer.From), rand(layer.To, layer.From), rand(_batch, layer.To)))];
    }

    /// <inheritdoc/>
    public double CountPerTurn => _batch;

    /// <inheritdoc/>
    public void Turn()
    {
        using var scope = NewDisposeScope();
        foreach (var (input, weight, _) in _layers)
            _ = input.mm(weight.t());
        for (var layer = _layers.Length - 1; layer >= 0; layer--)
        {
            var (input, weight, outputGradient) = _layers[layer];
            _ = outputGradient.t().mm(input);
            if (layer > 0)
                _ = outputGradient.mm(weight);
        }
    }
}
