using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Liveness;

namespace VaeCluster.Grains.Evaluations;

/// <summary>
/// Has every shard of an evaluation computed. The shards wait in a queue; each device takes one after the other until none is left, so a device that comes
/// later helps and one that is lost costs its shard's time.
/// </summary>
internal sealed partial class ShardEvaluations(IGrainFactory grains, LivenessOptions liveness, TimeProvider time, ILogger logger)
{
    /// <summary>How often a shard is tried before the evaluation fails.</summary>
    private const int AttemptsMax = 5;

    /// <summary>Evaluates every shard once.</summary>
    /// <param name="task">What is evaluated.</param>
    /// <param name="shardCount">How many shards there are.</param>
    /// <param name="devices">The devices that may compute, as of now; asked again and again.</param>
    /// <param name="onProgress">Hears how many shards are done.</param>
    /// <param name="cancellationToken">Ends the evaluation.</param>
    /// <returns>The shards, in their order.</returns>
    /// <exception cref="InvalidOperationException">A shard failed too often; the message has the last error.</exception>
    public async Task<IReadOnlyList<ShardEvaluation>> EvaluateAsync(
        EvaluationTask task, int shardCount, Func<ImmutableArray<string>> devices, Action<int> onProgress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        var queue = new ShardQueue(shardCount);
        var working = new Dictionary<string, (int Shard, Task<DeviceAnswer<ShardEvaluation>> Call)>(StringComparer.Ordinal);
        while (!queue.IsDone)
        {
            var present = devices();
            // A device that is gone may never answer; another one takes its shard.
            foreach (var gone in working.Keys.Except(present).ToList())
            {
                queue.Return(working[gone].Shard);
                working.Remove(gone);
            }
            foreach (var device in present.Where(device => !working.ContainsKey(device)))
            {
                if (queue.TryTake(out var shard))
                    working[device] = (shard, grains.GetGrain<ITrainerGrain>(device).EvaluateAsync(task, shard));
            }
            await Task.WhenAny([.. working.Values.Select(work => (Task)work.Call), Task.Delay(liveness.RenewPeriod, time, cancellationToken)]);
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (device, (shard, call)) in working.Where(work => work.Value.Call.IsCompleted).ToList())
            {
                working.Remove(device);
                await TakeAsync(queue, shard, device, call, task.Plan.RunId, cancellationToken);
                onProgress(queue.Done.Count);
            }
        }
        return [.. queue.Done.OrderBy(shard => shard.Shard)];
    }

    private async Task TakeAsync(
        ShardQueue queue,
        int shard,
        string device,
        Task<DeviceAnswer<ShardEvaluation>> call,
        string runId,
        CancellationToken cancellationToken)
    {
        var answer = await AnswerOfAsync(call);
        if (answer.Value is { } evaluation)
        {
            queue.Done.Add(evaluation);
            return;
        }
        LogShardLost(runId, shard, device, answer.Error);
        if (!queue.ReturnFailed(shard, AttemptsMax))
            throw new InvalidOperationException($"Shard {shard} could not be evaluated in {AttemptsMax} attempts: {answer.Error}");
        // Another device, or another time, may do better.
        await Task.Delay(liveness.RenewPeriod, time, cancellationToken);
    }

    private static async Task<DeviceAnswer<ShardEvaluation>> AnswerOfAsync(Task<DeviceAnswer<ShardEvaluation>> call)
    {
        try
        {
            return await call;
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            return new() { Error = e.Message };
        }
    }

    [LoggerMessage(2, LogLevel.Warning, "The evaluation of run {RunId} lost shard {Shard} on {Device}; it is evaluated again: {Reason}")]
    private partial void LogShardLost(string runId, int shard, string device, string reason);

    /// <summary>The shards that wait, and those that are done.</summary>
    private sealed class ShardQueue(int shardCount)
    {
        private readonly Queue<int> _waiting = new(Enumerable.Range(0, shardCount));
        private readonly int[] _attempts = new int[shardCount];

        public List<ShardEvaluation> Done { get; } = [];

        public bool IsDone => Done.Count == shardCount;

        public bool TryTake(out int shard) => _waiting.TryDequeue(out shard);

        public void Return(int shard) => _waiting.Enqueue(shard);

        /// <summary>Returns a shard that failed; false when it has failed as often as it may.</summary>
        public bool ReturnFailed(int shard, int attemptsMax)
        {
            if (++_attempts[shard] >= attemptsMax)
                return false;
            _waiting.Enqueue(shard);
            return true;
        }
    }
}
