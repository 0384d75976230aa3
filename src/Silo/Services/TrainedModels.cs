using Grpc.Core;
using VaeCluster.Contracts.V1;
using VaeCluster.Data;
using VaeCluster.Grains.Trainers;
using VaeCluster.Training.Inference;

namespace VaeCluster.Silo.Services;

/// <summary>Puts the model that a caller names to use.</summary>
internal sealed class TrainedModels
{
    private readonly RunGrains _runs;
    private readonly RunWeights _weights;
    private readonly InferenceWorker _worker;

    public TrainedModels(RunGrains runs, RunWeights weights, InferenceWorker worker) => (_runs, _weights, _worker) = (runs, weights, worker);

    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    /// <exception cref="InvalidOperationException">It has no weights of that step, or its data are not there.</exception>
    /// <exception cref="RpcException">Too many wait, or the weights are damaged.</exception>
    public async Task<T> UseAsync<T>(ModelRef? model, Func<TrainedModel, T> work, CancellationToken cancellationToken)
    {
        model ??= new ModelRef();
        ModelBounds.CheckStep(model);
        try
        {
            return await UseAsync(await FindAsync(model), work, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && model.Step == 0)
        {
            // The run wrote newer checkpoints while the request waited, and removed this one.
            return await UseAsync(await FindAsync(model), work, cancellationToken);
        }
    }

    private async Task<ModelSource> FindAsync(ModelRef model) => _weights.Find(await _runs.GetAsync(model.RunId), model.Step);

    private async Task<T> UseAsync<T>(ModelSource source, Func<TrainedModel, T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await _worker.UseAsync(source, work, cancellationToken);
        }
        catch (InferenceBusyException e)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, e.Message));
        }
        catch (InvalidDataException e)
        {
            throw new RpcException(new Status(StatusCode.DataLoss, e.Message));
        }
        catch (DataException e)
        {
            throw new InvalidOperationException(e.Message, e);
        }
    }
}
