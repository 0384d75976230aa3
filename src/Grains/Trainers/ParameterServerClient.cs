using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Liveness;
using VaeCluster.Parameters.Compression;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.Trainers;

/// <summary>
/// A trainer's way to the parameter server of its run and to its partitions: pulls weights and pushes gradients, in parts, each from and to its owner.
/// </summary>
internal sealed class ParameterServerClient
{
    /// <summary>A block waits for those of the other trainers of its silo for this part of the time that it took to compute.</summary>
    private const double WaitShare = 0.25;

    /// <summary>Pulls of parts that lag behind the others, before everything is pulled again.</summary>
    private const int LaggingPullsMax = 3;

    /// <summary>Steps of a few milliseconds differ by as much.</summary>
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(10);

    private readonly IParameterServerGrain _server;
    private readonly ImmutableArray<PartOwner> _owners;
    private readonly string _device;
    private readonly LivenessOptions _liveness;
    private readonly SiloExchange _exchange;
    private readonly TrainerInstruments _instruments;

    /// <summary>The way that an assignment describes.</summary>
    /// <param name="grains">Of the grain, for its own turns only.</param>
    /// <param name="assignment">Names the server and the partitions.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="device">The trainer's device, as <c>silo/device</c>.</param>
    /// <param name="liveness">How long calls may wait.</param>
    /// <param name="exchange">What the trainers of the silo share.</param>
    /// <param name="instruments">Counts the bytes.</param>
    public ParameterServerClient(
        IGrainFactory grains,
        TrainerAssignment assignment,
        ParameterLayout layout,
        string device,
        LivenessOptions liveness,
        SiloExchange exchange,
        TrainerInstruments instruments)
    {
        _server = grains.GetGrain<IParameterServerGrain>(assignment.Server);
        _device = device;
        _liveness = liveness;
        _exchange = exchange;
        _instruments = instruments;
        ImmutableArray<(string Key, IParameterExchangeGrain Grain)> owners =
        [
            .. assignment.Partitions.Select(key => (key, (IParameterExchangeGrain)grains.GetGrain<IPartitionGrain>(key))),
            (assignment.Server, _server),
        ];
        var silo = DeviceId.SiloOf(device);
        _owners = [.. PartRange.Divide(layout, owners.Length).Zip(owners).SelectMany(pair =>
            Enumerable.Repeat(new PartOwner(pair.Second.Key, pair.Second.Grain, DeviceId.SiloOf(pair.Second.Key) != silo), pair.First.Count))];
    }

    /// <summary>Whether those who answered last have the run.</summary>
    public bool HasRun { get; private set; } = true;

    /// <summary>Pulls the weights of another step than the one that is known, as soon as there is one.</summary>
    /// <param name="knownStep">The step whose weights are known; -1 for none.</param>
    /// <returns>
    /// The weights, which the caller disposes; null when nothing came in time, when a step came in between, or where the server does not have the run.
    /// </returns>
    public async Task<WeightsSnapshot?> PullAsync(long knownStep)
    {
        // All parts at once: each waits for the step at its owner, and none for the answer about another.
        var parts = await Task.WhenAll(_owners.Select((_, part) => PullAsync(knownStep, part)));
        for (var pulls = 0; pulls < LaggingPullsMax && IsLagging(parts); pulls++)
            parts = await PullLaggingAsync(parts);
        HasRun = Array.TrueForAll(parts, part => part.Outcome is not PullOutcome.NotStarted);
        if (Array.Exists(parts, part => part.Payload is null || part.Step != parts[0].Step || part.Outcome != parts[0].Outcome))
        {
            Array.ForEach(parts, part => part.Payload?.Release());
            return null;
        }
        var weights = new WeightsSnapshot(parts[0].Step, parts[0].Outcome == PullOutcome.Finished, [.. parts.Select(part => part.Payload!)])
        {
            Scales = [.. parts.Select(part => part.Scales)],
        };
        _instruments.OnPulled(parts.Sum(part => (long)part.Payload!.Length + (sizeof(float) * part.Scales.Length)));
        return weights;
    }

    /// <summary>Whether the server has steps to apply.</summary>
    public async Task<bool> IsTrainingAsync()
    {
        // No records are asked for, and none is written down.
        var status = await _server.GetStatusAsync(afterStep: long.MaxValue, writtenStep: 0);
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
        var timeout = TimeSpan.FromSeconds(Math.Clamp(WaitShare * computing.TotalSeconds, WaitMin.TotalSeconds, _liveness.AnswerTimeout.TotalSeconds));
        return
        [
            .. blocks.Select(block => block with { Contributors = [new(block.FirstShard, block.ShardCount, _device)] }).Select(block =>
            {
                var owner = _owners[block.Part];
                return owner.IsRemote && !isAlone
                    ? _exchange.Reduction.PushAsync(owner.Key, block, assignment.SiloShards, shards, timeout, sum => SendAsync(owner, sum))
                    : SendAsync(owner, block);
            }),
        ];
    }

    /// <summary>Whether every part came, though not all of one step: their owners publish a step one after the other.</summary>
    private static bool IsLagging(WeightsPart[] parts) =>
        Array.TrueForAll(parts, part => part.Payload is not null) && Array.Exists(parts, part => part.Step != parts[0].Step);

    private Task<WeightsPart[]> PullLaggingAsync(WeightsPart[] parts)
    {
        var newest = parts.Max(part => part.Step);
        return Task.WhenAll(parts.Select((part, index) =>
        {
            if (part.Step == newest)
                return Task.FromResult(part);
            part.Payload!.Release();
            return PullAsync(part.Step, index);
        }));
    }

    private Task<WeightsPart> PullAsync(long knownStep, int part)
    {
        var owner = _owners[part];
        Task<WeightsPart> Ask() => owner.Grain.PullAsync(knownStep, part, _liveness.PullTimeout);
        return owner.IsRemote ? _exchange.Pulls.PullAsync(owner.Key, knownStep, part, Ask) : Ask();
    }

    private Task<PushAnswer> SendAsync(PartOwner owner, GradientBlock block)
    {
        _instruments.OnPushed(block.Payload.Length, GradientCompression.ClampedOf(block));
        return owner.Grain.PushAsync(block);
    }

    /// <summary>Who owns a part of the flat vector.</summary>
    /// <param name="Key">Its key.</param>
    /// <param name="Grain">The way to it.</param>
    /// <param name="IsRemote">Whether it is on another silo than the trainer; inside a silo nothing is gained by waiting for others.</param>
    private sealed record PartOwner(string Key, IParameterExchangeGrain Grain, bool IsRemote);
}
