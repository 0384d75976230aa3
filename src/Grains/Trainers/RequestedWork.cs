using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Training.Workers;

namespace VaeCluster.Grains.Trainers;

/// <summary>What a device computes on request, beside its training: a shard of an evaluation, an image.</summary>
internal sealed class RequestedWork(string device, RunWeights weights)
{
    /// <summary>Evaluates one shard, with the final weights that the device holds, or with weights from the run's files while it trains nothing.</summary>
    public Task<DeviceAnswer<ShardEvaluation>> EvaluateAsync(TrainerWorker worker, TrainerLoop? loop, EvaluationTask task, int shard)
    {
        if (loop is null or { HasLeft: true })
            return AnswerAsync(() => worker.EvaluateAsync(weights.SourceOf(task), shard, task.Samples));
        return task.IsFinal && loop.RunId == task.Plan.RunId && loop.FinalWeights is { } final
            ? AnswerAsync(async () => (await worker.EvaluateAsync(final, [shard], task.Samples))[0])
            : Error<ShardEvaluation>($"The device {device} works for run {loop.RunId}; it evaluates nothing else until it is released.");
    }

    /// <summary>Renders an image with the final weights that the device holds.</summary>
    public Task<DeviceAnswer<RenderedImage>> RenderAsync(TrainerWorker? worker, TrainerLoop? loop, string runId, ImageKind kind) =>
        worker is not null && loop?.RunId == runId && loop.FinalWeights is { } final
            ? AnswerAsync(() => worker.RenderAsync(final, kind))
            : Error<RenderedImage>($"The device {device} does not hold the final weights of run {runId}.");

    private static Task<DeviceAnswer<T>> Error<T>(string message)
        where T : class =>
        Task.FromResult(new DeviceAnswer<T> { Error = message });

    /// <summary>What callers are meant to see travels as data.</summary>
    private static async Task<DeviceAnswer<T>> AnswerAsync<T>(Func<Task<T>> work)
        where T : class
    {
        try
        {
            return new() { Value = await work() };
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or DataException)
        {
            return new() { Error = e.Message };
        }
    }
}
