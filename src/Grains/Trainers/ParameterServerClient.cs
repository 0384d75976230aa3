using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Liveness;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.Trainers;

/// <summary>A trainer's way to the parameter server of its run: pulls weights and pushes gradients, in parts.</summary>
/// <param name="server">The parameter server.</param>
/// <param name="serverKey">Its key, <c>silo/run</c>.</param>
/// <param name="device">The trainer's device, as <c>silo/device</c>.</param>
/// <param name="liveness">How long calls may wait.</param>
/// <param name="exchange">What the trainers of the silo share.</param>
/// <param name="instruments">Counts the bytes.</param>
internal sealed class ParameterServerClient(
    IParameterServerGrain server,
    string serverKey,
    string device,
    LivenessOptions liveness,
    SiloExchange exchange,
    TrainerInstruments instruments)
{
    /// <summary>A block waits for those of the other trainers of its silo for this part of the time that it took to compute.</summary>
    private const double WaitShare = 0.25;

    /// <summary>Steps of a few milliseconds differ by as much.</summary>
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(10);

    /// <summary>Inside a silo nothing is gained by waiting for others.</summary>
    private readonly bool _isRemote = DeviceId.SiloOf(serverKey) != DeviceId.SiloOf(device);

    private int _partCount = 1;

    /// <summary>Whether the server that answered last has the run.</summary>
    public bool HasRun { get; private set; } = true;

    /// <summary>Pulls the weights of another step than the one that is known, as soon as there is one.</summary>
    /// <param name="knownStep">The step whose weights are known; -1 for none.</param>
    /// <returns>
    /// The weights, which the caller disposes; null when nothing came in time, when a step came in between, or where the server does not have the run.
    /// </returns>
    public async Task<WeightsSnapshot?> PullAsync(long knownStep)
    {
        // All parts at once: each waits for the step at the server, and none for the answer about another.
        var parts = await Task.WhenAll(Enumerable.Range(0, _partCount).Select(part => PullAsync(knownStep, part)));
        var first = parts[0];
        HasRun = first.Outcome is not PullOutcome.NotStarted;
        if (first.Outcome is PullOutcome.NotStarted or PullOutcome.NotYet)
        {
            Array.ForEach(parts, part => part.Payload?.Release());
            return null;
        }
        // What this pull asked for, not what the next one will: a pull that was given up for another may have received the number meanwhile.
        if (first.PartCount != parts.Length || Array.Exists(parts, part => part.Step != first.Step || part.Outcome != first.Outcome))
        {
            _partCount = first.PartCount;
            Array.ForEach(parts, part => part.Payload?.Release());
            return null;
        }
        var weights = new WeightsSnapshot(first.Step, first.Outcome == PullOutcome.Finished, [.. parts.Select(part => part.Payload!)]);
        instruments.OnPulled(weights.Parts.Sum(part => (long)part.Length));
        return weights;
    }

    /// <summary>Whether the server has steps to apply.</summary>
    public async Task<bool> IsTrainingAsync()
    {
        // No records are asked for, and none is written down.
        var status = await server.GetStatusAsync(afterStep: long.MaxValue, writtenStep: 0);
        return status.Started && status.Step < status.StepCount;
    }

    /// <summary>Begins to push blocks of a step; the references to their payloads go with them.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="assignment">What the trainers of the silo compute.</param>
    /// <param name="shards">Shards of a step.</param>
    /// <param name="computing">How long it took to compute them.</param>
    /// <returns>The answer to each.</returns>
    public IReadOnlyList<Task<PushAnswer>> Push(IReadOnlyList<GradientBlock> blocks, TrainerAssignment assignment, int shards, TimeSpan computing)
    {
        var isAlone = assignment.SiloShards.Length <= assignment.Shards.Length;
        var timeout = TimeSpan.FromSeconds(Math.Clamp(WaitShare * computing.TotalSeconds, WaitMin.TotalSeconds, liveness.AnswerTimeout.TotalSeconds));
        return
        [
            .. blocks.Select(block => block with { Contributors = [new(block.FirstShard, block.ShardCount, device)] }).Select(block => _isRemote && !isAlone
                ? exchange.Reduction.PushAsync(serverKey, block, assignment.SiloShards, shards, timeout, SendAsync)
                : SendAsync(block)),
        ];
    }

    private Task<WeightsPart> PullAsync(long knownStep, int part)
    {
        Task<WeightsPart> Ask() => server.PullAsync(knownStep, part, liveness.PullTimeout);
        return _isRemote ? exchange.Pulls.PullAsync(serverKey, knownStep, part, Ask) : Ask();
    }

    private Task<PushAnswer> SendAsync(GradientBlock block)
    {
        instruments.OnPushed(block.Payload.Length);
        return server.PushAsync(block);
    }
}
