using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Parameters.Reduction;

namespace VaeCluster.Grains.Trainers;

/// <summary>
/// Adds the gradients of a silo's trainers up along the canonical tree before they cross the network: a silo sends one block, whatever number of devices it
/// has. The first trainer that comes with a part of a step waits for the others of its silo, though not for long: the sum is the same bits wherever it is
/// made, so what is there may always go ahead. Safe to use from many threads.
/// </summary>
internal sealed class SiloReduction(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Server, long Step, int Part), Pending> _pending = [];

    /// <summary>Takes a block over and answers when the parameter server has answered what it went into.</summary>
    /// <param name="server">The parameter server.</param>
    /// <param name="block">The block of one trainer.</param>
    /// <param name="siloShards">The shards of all trainers of the silo, as this trainer knows them.</param>
    /// <param name="shards">Shards of a step.</param>
    /// <param name="timeout">How long the first block of a part waits for the others.</param>
    /// <param name="push">Sends a block.</param>
    public async Task<PushAnswer> PushAsync(
        string server,
        GradientBlock block,
        ImmutableArray<int> siloShards,
        int shards,
        TimeSpan timeout,
        Func<GradientBlock, Task<PushAnswer>> push)
    {
        var key = (server, block.Step, block.Part);
        var (pending, isFirst) = Add(key, block, siloShards, shards);
        if (isFirst)
        {
            await pending.Completed.Task.WaitAsync(timeout, time)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            pending.Sent.SetResult([.. Take(key, pending).Select(sum => (sum, SendAsync(sum, push)))]);
        }
        var sent = await pending.Sent.Task;
        return await sent.First(sum => sum.Block.Holds(block.FirstShard)).Answer;
    }

    /// <summary>Whatever goes wrong is in the answer, for which others wait too.</summary>
    private static async Task<PushAnswer> SendAsync(GradientBlock block, Func<GradientBlock, Task<PushAnswer>> push) => await push(block);

    private (Pending Pending, bool IsFirst) Add((string Server, long Step, int Part) key, GradientBlock block, ImmutableArray<int> siloShards, int shards)
    {
        lock (_gate)
        {
            var isFirst = !_pending.TryGetValue(key, out var pending);
            pending ??= new Pending(new ReductionTree(shards));
            // A block that cannot be in the tree throws, and leaves nothing behind that others would wait for.
            if (!pending.Tree.Offer(block))
                block.Payload.Release();
            _pending[key] = pending;
            if (siloShards.All(shard => pending.Tree.Holds(shard, 1)))
                pending.Completed.TrySetResult();
            return (pending, isFirst);
        }
    }

    private IReadOnlyList<GradientBlock> Take((string Server, long Step, int Part) key, Pending pending)
    {
        lock (_gate)
        {
            // What comes later begins anew.
            _pending.Remove(key);
            return pending.Tree.Take();
        }
    }

    /// <summary>The blocks of one part of a step that are in; the tree is guarded by the gate.</summary>
    private sealed record Pending(ReductionTree Tree)
    {
        public TaskCompletionSource Completed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<ImmutableArray<(GradientBlock Block, Task<PushAnswer> Answer)>> Sent { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
