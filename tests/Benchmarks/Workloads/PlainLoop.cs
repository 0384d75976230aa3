using static TorchSharp.torch;

namespace VaeCluster.Benchmarks.Workloads;

/// <summary>The training loop that anybody writes first in TorchSharp: Adam over modules, batches from one tensor in memory.</summary>
internal sealed class PlainLoop : IWorkload
{
    public const string Name = "plain";

    private const int Batches = 10;

    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _data;
    private readonly int _batch;
    private int _next;

    /// <summary>Builds the model, and data to train it on.</summary>
    public PlainLoop(WorkloadRequest request)
    {
        set_num_threads(request.Threads);
        random.manual_seed(0);
        var (model, shape) = PlainModels.Create(request.Model);
        _model = model;
        _optimizer = optim.Adam(_model.parameters(), 1e-3);
        _batch = request.Batch;
        _data = rand([Batches * _batch, .. shape]);
    }

    /// <inheritdoc/>
    public double CountPerTurn => _batch;

    /// <inheritdoc/>
    public void Turn()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        var loss = _model.forward(_data.narrow(0, _next * _batch, _batch));
        loss.backward();
        _optimizer.step();
        _next = (_next + 1) % Batches;
    }
}
