using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Liveness;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Optimizers;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// The partitions of one session of a parameter server: those who own the ranges of the flat vector before its own. It has none where the vector is not
/// partitioned. For one grain's turns only, so it needs no lock.
/// </summary>
internal sealed partial class PartitionSet
{
    private readonly RunPlan _plan;
    private readonly string _server;
    private readonly LivenessOptions _liveness;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ParameterLayout _layout;
    private readonly int _kinds;
    private readonly ImmutableArray<PartitionLink> _links;
    private readonly AsyncSignal _decided = new();
    private StepDecision? _lastDecision;
    private Task _check = Task.CompletedTask;

    /// <summary>Partitions that do not serve yet.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="server">The key of the parameter server.</param>
    /// <param name="keys">The partitions' keys, in the order of their ranges.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="grains">Of the grain, for its own turns only.</param>
    /// <param name="liveness">How long anything is waited for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public PartitionSet(
        RunPlan plan,
        string server,
        ImmutableArray<string> keys,
        ParameterLayout layout,
        IGrainFactory grains,
        LivenessOptions liveness,
        TimeProvider time,
        ILogger logger)
    {
        _plan = plan;
        _server = server;
        _layout = layout;
        _liveness = liveness;
        _time = time;
        _logger = logger;
        _kinds = UpdateRules.For(RunSpecReader.ReadCanonical(plan.SpecJson).Optimizer).StateNames.Count;
        Owners = [.. keys, server];
        var ranges = PartRange.Divide(layout, Owners.Length);
        _links = [.. keys.Select((key, range) => new PartitionLink(grains, key, range, ranges[range], Session, liveness, time))];
    }

    /// <summary>Distinguishes these partitions from those of a session before.</summary>
    public string Session { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The keys of those who own the ranges, the server's last.</summary>
    public ImmutableArray<string> Owners { get; }

    /// <summary>The silo of a partition that is lost; empty while all are there.</summary>
    public string LostSilo { get; private set; } = "";

    /// <summary>Hands each its range of a state over.</summary>
    /// <exception cref="TimeoutException">A partition did not answer in time.</exception>
    /// <exception cref="OrleansException">A partition cannot be reached.</exception>
    public Task BeginAsync(TrainingState whole) =>
        Task.WhenAll(_links.Select(link => link.BeginAsync(_plan, _server, Owners.Length, _layout, whole)));

    /// <summary>Lets the partitions know what was decided.</summary>
    public void Announce(StepDecision decision)
    {
        _lastDecision = decision;
        _decided.Set();
    }

    /// <summary>The decision that a partition asks for, once it is made; an undecided one after the pull timeout.</summary>
    /// <param name="gradient">What the partition asks about.</param>
    /// <param name="offer">Offers it to the store, which may decide.</param>
    public async Task<StepDecision> AwaitDecisionAsync(RangeGradient gradient, Func<Task<StepDecision?>> offer)
    {
        if (DecisionFor(gradient) is { } known)
            return known;
        var decided = _decided.Next;
        if (await offer() is { } missed)
            return missed;
        if (DecisionFor(gradient) is null)
            await decided.WaitAsync(_liveness.PullTimeout, _time)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return DecisionFor(gradient) ?? new() { Verdict = StepVerdict.Undecided };
    }

    /// <summary>The partitions' states after a step, in order; none where one is lost, which <see cref="LostSilo"/> then names.</summary>
    public async Task<IReadOnlyList<TrainingState>?> TryGatherAsync(long step, StateCopy copy)
    {
        var states = await Task.WhenAll(_links.Select(link => WatchAsync(link, () => link.GetStateAsync(_layout, _kinds, step, copy))));
        return Array.Exists(states, state => state is null) ? null : [.. states.Select(state => state!)];
    }

    /// <summary>Has all hold gradients back at a step; the exception of one that does not.</summary>
    public Task HoldAsync(long step, int attempt) => Task.WhenAll(_links.Select(link => link.HoldAsync(step, attempt)));

    /// <summary>Has all take gradients again. One that does not answer is lost.</summary>
    public Task ReleaseAsync(string standbySilo) => Task.WhenAll(_links.Select(link => WatchAsync(link, async () =>
    {
        await link.ReleaseAsync(standbySilo);
        return link;
    })));

    /// <summary>Looks in the background whether each partition serves still, unless it is looking already.</summary>
    public void Check(BackgroundWork work)
    {
        if (_check.IsCompleted && LostSilo.Length == 0 && !_links.IsEmpty)
            _check = work.Start(_ => Task.WhenAll(_links.Select(CheckAsync)));
    }

    /// <summary>Lets all forget the run. One that cannot be reached forgets it when it is collected.</summary>
    public Task StopAsync() => Task.WhenAll(_links.Select(async link =>
    {
        try
        {
            await link.StopAsync();
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            LogNotStopped(link.Silo, _plan.RunId, e.Message);
        }
    }));

    private StepDecision? DecisionFor(RangeGradient gradient) =>
        _lastDecision is { } decision && decision.Step == gradient.Step && decision.Attempt == gradient.Attempt ? decision : null;

    private async Task CheckAsync(PartitionLink link)
    {
        var serving = await WatchAsync<object>(link, async () => await link.IsServingAsync());
        if (serving is false)
            OnLost(link, "It has forgotten its range.");
    }

    private async Task<T?> WatchAsync<T>(PartitionLink link, Func<Task<T>> call)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            OnLost(link, e.Message);
            return null;
        }
    }

    private void OnLost(PartitionLink link, string reason)
    {
        if (LostSilo.Length > 0)
            return;
        LostSilo = link.Silo;
        LogLost(link.Silo, _plan.RunId, reason);
    }

    [LoggerMessage(40, LogLevel.Warning, "The partition on {Silo} of the parameter server of run {RunId} is lost: {Reason}")]
    private partial void LogLost(string silo, string runId, string reason);

    [LoggerMessage(41, LogLevel.Information, "The partition on {Silo} of the parameter server of run {RunId} was not reached to stop it: {Reason}")]
    private partial void LogNotStopped(string silo, string runId, string reason);
}
