using TorchSharp;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Parameters.Compression;
using VaeCluster.Parameters.Reduction;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Training.Inference;
using VaeCluster.Training.Runtime;

namespace VaeCluster.Training.Workers;

/// <summary>
/// Computes for one device: it owns a thread and, for the run it was prepared for, a model replica and the data. Methods may be called from
/// anywhere; the work is done one piece at a time, in the order asked. Bytes go in and come out, never tensors.
/// </summary>
public sealed class TrainerWorker : IAsyncDisposable
{
    private readonly DeviceThread _thread;
    private readonly torch.Device _device;
    private readonly DataAccess _access;
    private RunPlan? _plan;
    private RunSpec? _spec;
    private GradientCompression? _compression;
    private DataDescription? _data;
    private (ModelSource Source, WeightsSnapshot Weights)? _evaluated;
    private IDisposable? _precision;
    private bool _isDisposed;
    private TrainingReplica? _replica;
    private Dataset? _dataset;

    /// <summary>A worker without a run.</summary>
    /// <param name="device">The device's name: <c>cpu:0</c>, <c>cuda:1</c>.</param>
    /// <param name="access">What the data may use; without bounds when left out. Its progress is notified from the worker's thread.</param>
    public TrainerWorker(string device, DataAccess? access = null)
    {
        _access = access ?? new DataAccess();
        _device = DeviceCatalog.ToTorch(device);
        _thread = new DeviceThread($"trainer {device}");
    }

    /// <summary>Tensors alive on the worker's thread, as of the last finished piece of work; 0 after it is disposed.</summary>
    internal long LiveTensors => _thread.LiveTensors;

    /// <summary>Loads the data and builds the model of a run, in place of what was there before.</summary>
    /// <exception cref="DataException">The data are not there, or not those that the run was submitted with.</exception>
    public Task PrepareAsync(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return _thread.RunAsync(() =>
        {
            Release();
            _plan = null;
            _evaluated = null;
            _spec = RunSpecReader.ReadCanonical(plan.SpecJson);
            _data = plan.Data;
            _precision?.Dispose();
            _precision = _device.type == DeviceType.CUDA ? CudaPrecision.Hold(_spec.Determinism == DeterminismKind.Strict) : null;
            torch.set_num_threads(_spec.Determinism == DeterminismKind.Strict ? _spec.Resources.Threads : Environment.ProcessorCount);
            _dataset = RunData.Open(_spec.Data, plan.Data, _access);
            _replica = new TrainingReplica(_spec, _data, _dataset, _device);
            _compression = new GradientCompression(_spec, _replica.Layout);
            _plan = plan;
            return true;
        });
    }

    /// <summary>
    /// The gradients of some shards at a step: summed along the canonical tree as far as the shards allow, so that as few blocks as possible come out.
    /// </summary>
    /// <param name="weights">The weights of the step.</param>
    /// <param name="shards">Which shards, ascending.</param>
    /// <param name="cancellationToken">Ends the work before the next shard, and before the next of its local steps.</param>
    /// <returns>The blocks, part after part. The caller owns their payloads.</returns>
    public Task<IReadOnlyList<GradientBlock>> ComputeAsync(
        WeightsSnapshot weights,
        IReadOnlyList<int> shards,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(shards);
        return _thread.RunAsync<IReadOnlyList<GradientBlock>>(() =>
        {
            var replica = Replica;
            replica.Load(weights);
            var trees = Enumerable.Range(0, replica.Layout.PartCount).Select(_ => new ReductionTree(_spec!.Training.Shards)).ToArray();
            foreach (var block in shards.SelectMany(shard => replica.Compute(weights.Step, shard, cancellationToken)))
                trees[block.Part].Offer(_compression!.Encode(block, weights.ScalesOf(block.Part)));
            return [.. trees.SelectMany(tree => tree.Take())];
        });
    }

    /// <summary>Gathers what a shard's next step needs beside the weights, while nothing else is to be done.</summary>
    public Task StageAsync(long step, int shard) => _thread.RunAsync(() =>
    {
        Replica.Stage(step, shard);
        return true;
    });

    /// <summary>All that some shards of the held-out examples add to an evaluation, one entry a shard.</summary>
    /// <param name="weights">The weights to evaluate.</param>
    /// <param name="shards">Which shards.</param>
    /// <param name="samples">Importance samples per example; 0 leaves the likelihood out.</param>
    public Task<IReadOnlyList<ShardEvaluation>> EvaluateAsync(WeightsSnapshot weights, IReadOnlyList<int> shards, int samples) =>
        _thread.RunAsync<IReadOnlyList<ShardEvaluation>>(() =>
        {
            Replica.Load(weights);
            return [.. shards.Select(shard => Replica.EvaluateShard(shard, samples))];
        });

    /// <summary>The same for one shard, with weights from a file; prepares the worker for the run where it is not.</summary>
    /// <param name="source">The weights.</param>
    /// <param name="shard">Which shard.</param>
    /// <param name="samples">Importance samples per example; 0 leaves the likelihood out.</param>
    /// <exception cref="DataException">The data are not there, or not those that the run was submitted with.</exception>
    /// <exception cref="InvalidDataException">The file does not hold what the run wrote.</exception>
    public async Task<ShardEvaluation> EvaluateAsync(ModelSource source, int shard, int samples)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (_plan != source.Plan)
            await PrepareAsync(source.Plan);
        return await _thread.RunAsync(() =>
        {
            if (_evaluated?.Source != source)
                _evaluated = (source, WeightsFile.Read(source, Replica.Layout));
            Replica.Load(_evaluated.Value.Weights);
            return Replica.EvaluateShard(shard, samples);
        });
    }

    /// <summary>Renders an image with some weights, as a PNG file.</summary>
    public Task<RenderedImage> RenderAsync(WeightsSnapshot weights, ImageKind kind) => _thread.RunAsync(() =>
    {
        Replica.Load(weights);
        return RunImages.Render(Replica, kind, _spec!.Logging.GridSide, _data!);
    });

    /// <summary>Frees the device and ends the thread. Does nothing the second time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await _thread.RunAsync(() =>
        {
            Release();
            _precision?.Dispose();
            return true;
        });
        await _thread.DisposeAsync();
    }

    /// <summary>Frees the replica, and the memory of its data before that of others is taken.</summary>
    private void Release()
    {
        _replica?.Dispose();
        _replica = null;
        _dataset?.Dispose();
        _dataset = null;
    }

    private TrainingReplica Replica =>
        _replica ?? throw new InvalidOperationException("The worker has no run; prepare it first.");
}
