using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Liveness;
using VaeCluster.Parameters.Checkpoints;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>A parameter server's way to its standby, and back. Training waits for some of these calls, so each has an end.</summary>
internal sealed class StandbyLink
{
    /// <summary>Bytes a second below which a standby is done without: every gradient goes to it too, so each step would wait at least as long.</summary>
    private const double BytesPerSecondMin = 16 << 20;

    private readonly IStandbyGrain _standby;
    private readonly LivenessOptions _liveness;
    private readonly TimeProvider _time;
    private TimeSpan _pushTimeout;

    public StandbyLink(IGrainFactory grains, string silo, string runId, LivenessOptions liveness, TimeProvider time)
        : this(silo, grains.GetGrain<IStandbyGrain>(DeviceId.Of(silo, runId)), liveness, time)
    {
    }

    internal StandbyLink(string silo, IStandbyGrain standby, LivenessOptions liveness, TimeProvider time)
    {
        Silo = silo;
        _standby = standby;
        _liveness = liveness;
        _time = time;
        _pushTimeout = liveness.StandbyCallTimeout;
    }

    /// <summary>The silo that the standby is on.</summary>
    public string Silo { get; }

    /// <summary>How long so many bytes may be on their way.</summary>
    public TimeSpan TimeoutFor(long bytes) => _liveness.StandbyCallTimeout + TimeSpan.FromSeconds(bytes / BytesPerSecondMin);

    /// <summary>Finds out whether the standby's silo answers at all, and has it prepare for a run. Training does not wait for this.</summary>
    /// <exception cref="TimeoutException">It does not.</exception>
    public Task ReadyAsync(RunPlan plan) => _standby.ReadyAsync(plan).WaitAsync(_liveness.StandbyReadyTimeout, _time);

    /// <summary>Hands a state over; the standby follows from there. Training waits meanwhile.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="checkpoint">The state.</param>
    /// <param name="pieces">Its values, as <see cref="StatePieces.Split"/> makes them.</param>
    /// <exception cref="TimeoutException">It took longer than its size allows, or a piece of it longer than a call may.</exception>
    public async Task BeginAsync(RunPlan plan, Checkpoint checkpoint, IReadOnlyList<byte[]> pieces)
    {
        var state = checkpoint.State;
        var wholeTimeout = TimeoutFor(pieces.Sum(piece => (long)piece.Length));
        _pushTimeout = TimeoutFor(state.Weights.Sum(part => (long)part.Length));
        using var over = new CancellationTokenSource(wholeTimeout, _time);
        try
        {
            await _standby.BeginAsync(new StandbyState
            {
                Plan = plan,
                Step = state.Step,
                Updates = state.Updates,
                Records = [.. checkpoint.Records],
                PieceCount = pieces.Count,
            }).WaitAsync(_liveness.StandbyCallTimeout, _time, over.Token);
            foreach (var (index, piece) in pieces.Index())
                await _standby.TakeAsync(new StatePiece(index, piece)).WaitAsync(_liveness.StandbyCallTimeout, _time, over.Token);
            // It builds its store now, which takes the longer the larger the model is.
            await _standby.CompleteAsync().WaitAsync(over.Token);
        }
        catch (OperationCanceledException e) when (over.IsCancellationRequested)
        {
            throw new TimeoutException(
                FormattableString.Invariant(
                    $"The standby on {Silo} did not take the state of step {state.Step} within {wholeTimeout.TotalSeconds:F1} s."),
                e);
        }
    }

    /// <summary>Gives the standby a gradient, and the reference to its payload.</summary>
    /// <returns>Why it cannot follow any more; null while it does.</returns>
    public async Task<string?> PushAsync(GradientBlock block, long writtenStep)
    {
        try
        {
            var answer = await _standby.PushAsync(block, writtenStep).WaitAsync(_pushTimeout, _time);
            // It may be a step ahead: every part of the step was there, and the first server is about to apply it.
            var follows = answer.Outcome is PushOutcome.Accepted or PushOutcome.Duplicate or PushOutcome.Refused || answer.Step > block.Step;
            return follows ? null : $"It is at step {answer.Step} and was given a gradient of step {block.Step}.";
        }
        catch (Exception e)
        {
            // Whatever is wrong with a standby must not end the run: it goes on without, and the sentence is logged.
            return e.Message;
        }
    }

    /// <summary>What the standby has followed up to now; null when it follows nothing.</summary>
    /// <exception cref="TimeoutException">It does not answer, or not for a piece.</exception>
    public async Task<(StandbyState State, IReadOnlyList<byte[]> Pieces)?> FetchAsync()
    {
        if (await _standby.GetStateAsync().WaitAsync(_liveness.StandbyFetchTimeout, _time) is not { } state)
            return null;
        var pieces = new List<byte[]>();
        while (pieces.Count < state.PieceCount)
            pieces.Add((await _standby.GetPieceAsync(pieces.Count).WaitAsync(_liveness.StandbyCallTimeout, _time)).Payload);
        return (state, pieces);
    }

    /// <summary>Lets the standby forget the run. One that cannot be reached forgets it when it is collected.</summary>
    public Task StopAsync() => _standby.StopAsync().WaitAsync(_liveness.StandbyCallTimeout, _time);
}
