using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Trainers;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>A parameter server's way to its standby, and back. Training waits for some of these calls, so each has an end.</summary>
internal sealed class StandbyLink
{
    /// <summary>How long one small call may take. The membership needs 3 s to call a silo dead; training should not wait that long for a second server.</summary>
    public static readonly TimeSpan CallPatience = TimeSpan.FromSeconds(2);

    /// <summary>How long a silo may take to get ready. Nothing waits for that but the search for a standby, and one that has just started is slow at first.</summary>
    public static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long what a standby followed is waited for when the first server is lost: steps that it has need not be computed again.</summary>
    public static readonly TimeSpan FetchPatience = TimeSpan.FromSeconds(10);

    /// <summary>Bytes a second below which a standby is done without: every gradient goes to it too, so each step would wait at least as long.</summary>
    private const double BytesPerSecondMin = 16 << 20;

    private readonly IStandbyGrain _standby;
    private readonly TimeProvider _time;
    private TimeSpan _pushPatience = CallPatience;

    public StandbyLink(IGrainFactory grains, string silo, string runId, TimeProvider time)
        : this(silo, grains.GetGrain<IStandbyGrain>(DeviceId.Of(silo, runId)), time)
    {
    }

    internal StandbyLink(string silo, IStandbyGrain standby, TimeProvider time) => (Silo, _standby, _time) = (silo, standby, time);

    /// <summary>The silo that the standby is on.</summary>
    public string Silo { get; }

    /// <summary>How long so many bytes may be on their way.</summary>
    public static TimeSpan PatienceFor(long bytes) => CallPatience + TimeSpan.FromSeconds(bytes / BytesPerSecondMin);

    /// <summary>Finds out whether the standby's silo answers at all, and has it prepare for a run. Training does not wait for this.</summary>
    /// <exception cref="TimeoutException">It does not.</exception>
    public Task ReadyAsync(RunPlan plan) => _standby.ReadyAsync(plan).WaitAsync(ReadyPatience, _time);

    /// <summary>Hands a state over; the standby follows from there. Training waits meanwhile.</summary>
    /// <exception cref="TimeoutException">It took longer than its size allows, or a piece of it longer than a call may.</exception>
    public async Task BeginAsync(RunPlan plan, Checkpoint checkpoint)
    {
        var state = checkpoint.State;
        var pieces = StatePieces.Split(state);
        var wholePatience = PatienceFor(pieces.Sum(piece => (long)piece.Length));
        _pushPatience = PatienceFor(state.Weights.Sum(part => (long)part.Length));
        using var over = new CancellationTokenSource(wholePatience, _time);
        try
        {
            await _standby.BeginAsync(new StandbyState
            {
                Plan = plan,
                Step = state.Step,
                Updates = state.Updates,
                Records = [.. checkpoint.Records],
                PieceCount = pieces.Count,
            }).WaitAsync(CallPatience, _time, over.Token);
            foreach (var (index, piece) in pieces.Index())
                await _standby.TakeAsync(new StatePiece(index, piece)).WaitAsync(CallPatience, _time, over.Token);
            // It builds its store now, which takes the longer the larger the model is.
            await _standby.CompleteAsync().WaitAsync(over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            throw new TimeoutException(FormattableString.Invariant($"The standby on {Silo} did not take the state of step {state.Step} within {wholePatience.TotalSeconds:F1} s."));
        }
    }

    /// <summary>Gives the standby a gradient.</summary>
    /// <returns>Null, or why it cannot follow any more.</returns>
    public async Task<string?> PushAsync(GradientPart part, long writtenStep)
    {
        try
        {
            var answer = await _standby.PushAsync(part, writtenStep).WaitAsync(_pushPatience, _time);
            // It may be a step ahead: every part of the step was there, and the first server is about to apply it.
            var follows = answer.Outcome is PushOutcome.Accepted or PushOutcome.Duplicate or PushOutcome.Refused || answer.Step > part.Step;
            return follows ? null : $"It is at step {answer.Step} and was given a gradient of step {part.Step}.";
        }
        catch (Exception e)
        {
            // Whatever ails a standby must not end the run: it goes on without, and the sentence is logged.
            return e.Message;
        }
    }

    /// <summary>What the standby has followed up to now; null when it follows nothing.</summary>
    /// <exception cref="TimeoutException">It does not answer, or not for a piece.</exception>
    public async Task<(StandbyState State, IReadOnlyList<byte[]> Pieces)?> FetchAsync()
    {
        if (await _standby.GetStateAsync().WaitAsync(FetchPatience, _time) is not { } state)
            return null;
        var pieces = new List<byte[]>();
        while (pieces.Count < state.PieceCount)
            pieces.Add((await _standby.GetPieceAsync(pieces.Count).WaitAsync(CallPatience, _time)).Payload);
        return (state, pieces);
    }

    /// <summary>Lets the standby forget the run. One that cannot be reached forgets it when it is collected.</summary>
    public Task StopAsync() => _standby.StopAsync().WaitAsync(CallPatience, _time);
}
