using TorchSharp;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Training.Runtime;

namespace VaeCluster.Training.Inference;

/// <summary>
/// Puts trained models to use: one thread, one CPU, one request after the other, so that however many ask, the trainers of this machine lose no more
/// than that. It keeps the models that were used last, and the data that were opened last.
/// </summary>
public sealed class InferenceWorker : IAsyncDisposable
{
    /// <summary>Requests that may wait. More would wait longer than anybody does.</summary>
    public const int WaitingMax = 32;

    /// <summary>Models that are kept. A cluster has a few runs that people look at, and a run's newest checkpoint changes.</summary>
    private const int ModelsMax = 4;

    private readonly DeviceThread _thread = new("inference");
    private readonly DataAccess _access;
    // Both belong to the thread. The model that was used last stands last.
    private readonly List<TrainedModel> _models = [];
    private (string Key, Dataset Dataset)? _data;
    private int _waiting;

    /// <summary>A worker without models.</summary>
    /// <param name="access">What the data may use; without bounds when left out. Its progress is notified from the worker's thread.</param>
    public InferenceWorker(DataAccess? access = null) => _access = access ?? new DataAccess();

    /// <summary>Does work with a model, after what was asked before.</summary>
    /// <param name="source">Which weights.</param>
    /// <param name="work">The work; the model is its own only until it returns.</param>
    /// <param name="cancellationToken">Leaves the work out when it was not begun yet.</param>
    /// <exception cref="InferenceBusyException">Too many wait already.</exception>
    /// <exception cref="DataException">The work asks for data that are not there.</exception>
    public async Task<T> UseAsync<T>(ModelSource source, Func<TrainedModel, T> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(work);
        if (Interlocked.Increment(ref _waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            throw new InferenceBusyException(
                $"{WaitingMax} requests for trained models already wait on this silo. Run it again in a moment, or use another silo.");
        }
        try
        {
            return await _thread.RunAsync(() =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return work(Find(source));
            });
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Lets the work that waits finish, and frees the models.</summary>
    public async ValueTask DisposeAsync()
    {
        await _thread.RunAsync(() =>
        {
            _models.ForEach(model => model.Dispose());
            _models.Clear();
            _data?.Dataset.Dispose();
            return true;
        });
        await _thread.DisposeAsync();
    }

    private TrainedModel Find(ModelSource source)
    {
        var index = _models.FindIndex(model => model.Source == source);
        if (index >= 0)
        {
            var found = _models[index];
            _models.RemoveAt(index);
            _models.Add(found);
            return found;
        }
        // One thread whatever the run trains with: the rest of the machine is the trainers'.
        torch.set_num_threads(1);
        var model = TrainedModel.Open(source, OpenData);
        _models.Add(model);
        if (_models.Count > ModelsMax)
        {
            _models[0].Dispose();
            _models.RemoveAt(0);
        }
        return model;
    }

    private Dataset OpenData(RunSpec spec, DataDescription expected)
    {
        var key = $"{System.Text.Json.JsonSerializer.Serialize(spec.Data)} {expected}";
        if (_data?.Key != key)
        {
            _data?.Dataset.Dispose();
            _data = null; // Two large data sets at once may be more than fits.
            _data = (key, RunData.Open(spec.Data, expected, _access));
        }
        return _data.Value.Dataset;
    }
}

/// <summary>Too many requests wait; the message says how many may.</summary>
public sealed class InferenceBusyException(string message) : Exception(message);
