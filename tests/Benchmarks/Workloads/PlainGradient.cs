using static TorchSharp.torch;

namespace VaeCluster.Benchmarks.Workloads;

/// <summary>The gradient alone, without an update: what remains of a step that is all protocol. It counts steps.</summary>
internal sealed class PlainGradient : IWorkload
{
    public const string Name = "gradient";

    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly Tensor _x;

    /// <summary>Builds the model, and one batch.</summary>
    public PlainGradient(WorkloadRequest request)
    {
        set_num_threads(request.Threads);
        var (model, shape) = PlainModels.Create(request.Model);
        _model = model;
        _x = rand([request.Batch, .. shape]);
    }

    /// <inheritdoc/>
    public double CountPerTurn => 1;

    /// <inheritdoc/>
    public void Turn()
    {
        using var scope = NewDisposeScope();
        _model.zero_grad();
        _model.forward(_x).backward();
    }
}
