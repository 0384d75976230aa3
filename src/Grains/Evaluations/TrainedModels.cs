using VaeCluster.Contracts.Runs;
using VaeCluster.Data;
using VaeCluster.Grains.Trainers;
using VaeCluster.Training.Inference;

namespace VaeCluster.Grains.Evaluations;

/// <summary>Puts the models of runs to use.</summary>
public sealed class TrainedModels
{
    private readonly RunWeights _weights;
    private readonly InferenceWorker _worker;

    /// <summary>For the container.</summary>
    public TrainedModels(RunWeights weights, InferenceWorker worker)
    {
        _weights = weights;
        _worker = worker;
    }

    /// <summary>Does work with a model.</summary>
    /// <param name="find">The run as it is now. Asked again where its newest checkpoint is gone when the work's turn comes.</param>
    /// <param name="step">Whose weights; 0 takes the newest.</param>
    /// <param name="work">The work, on a thread of its own.</param>
    /// <param name="cancellationToken">Leaves the work out when it was not begun yet.</param>
    /// <exception cref="InvalidOperationException">The run has no weights of that step.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged.</exception>
    /// <exception cref="InferenceBusyException">Too many wait.</exception>
    /// <exception cref="DataException">The work needs the run's data, and they are not there.</exception>
    public async Task<T> UseAsync<T>(Func<Task<RunSnapshot>> find, long step, Func<TrainedModel, T> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(find);
        try
        {
            return await _worker.UseAsync(_weights.Find(await find(), step), work, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && step == 0)
        {
            // The run wrote newer checkpoints while the request waited, and removed this one.
            return await _worker.UseAsync(_weights.Find(await find(), step), work, cancellationToken);
        }
    }
}
