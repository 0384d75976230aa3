using Orleans;
using Orleans.Runtime;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Trainers;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>A parameter server's way to its standby, and back.</summary>
internal sealed class StandbyLink
{
    /// <summary>How long a step may wait for the standby. Then the run goes on without it, and gets another.</summary>
    private static readonly TimeSpan PushPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan CallPatience = TimeSpan.FromSeconds(10);

    private readonly IStandbyGrain _standby;

    public StandbyLink(IGrainFactory grains, string silo, string runId) =>
        (Silo, _standby) = (silo, grains.GetGrain<IStandbyGrain>(DeviceId.Of(silo, runId)));

    /// <summary>The silo that the standby is on.</summary>
    public string Silo { get; }

    /// <summary>Hands a state over; the standby follows from there.</summary>
    public async Task BeginAsync(RunPlan plan, Checkpoint checkpoint)
    {
        var pieces = StatePieces.Split(checkpoint.State);
        await _standby.BeginAsync(new StandbyState
        {
            Plan = plan,
            Step = checkpoint.State.Step,
            Updates = checkpoint.State.Updates,
            Records = [.. checkpoint.Records],
            PieceCount = pieces.Count,
        }).WaitAsync(CallPatience);
        foreach (var (index, piece) in pieces.Index())
            await _standby.TakeAsync(new StatePiece(index, piece)).WaitAsync(CallPatience);
        await _standby.CompleteAsync().WaitAsync(CallPatience);
    }

    /// <summary>Gives the standby a gradient.</summary>
    /// <returns>Null, or why it cannot follow any more.</returns>
    public async Task<string?> PushAsync(GradientPart part, long writtenStep)
    {
        try
        {
            var answer = await _standby.PushAsync(part, writtenStep).WaitAsync(PushPatience);
            // It may be a step ahead: every part of the step was there, and the first server is about to apply it.
            var follows = answer.Outcome is PushOutcome.Accepted or PushOutcome.Duplicate or PushOutcome.Refused || answer.Step > part.Step;
            return follows ? null : $"It is at step {answer.Step} and was given a gradient of step {part.Step}.";
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return e.Message;
        }
    }

    /// <summary>What the standby has followed up to now; null when it has nothing, or cannot be reached.</summary>
    public async Task<(StandbyState State, IReadOnlyList<byte[]> Pieces)?> FetchAsync()
    {
        try
        {
            if (await _standby.GetStateAsync().WaitAsync(CallPatience) is not { } state)
                return null;
            var pieces = new List<byte[]>();
            while (pieces.Count < state.PieceCount)
                pieces.Add((await _standby.GetPieceAsync(pieces.Count).WaitAsync(CallPatience)).Payload);
            return (state, pieces);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // Then the newest checkpoint has to do; the run says where it goes on.
            return null;
        }
    }

    /// <summary>Lets the standby forget the run. One that cannot be reached forgets it when it is collected.</summary>
    public async Task StopAsync() => await _standby.StopAsync().WaitAsync(CallPatience);
}
