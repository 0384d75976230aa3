using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Devices;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Optimizers;
using VaeCluster.Parameters.Store;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// Follows a run's parameter server on another silo: the same gradients, along the same tree, come to the same bits. What it
/// follows is kept by the silo and ends with it; then the first server begins another standby.
/// </summary>
[SiloNamePlacement]
public sealed class StandbyGrain : Grain, IStandbyGrain
{
    private readonly StandbyMemory _memory;
    private readonly TimeProvider _time;

    /// <summary>For the runtime.</summary>
    public StandbyGrain(StandbyMemory memory, TimeProvider time)
    {
        _memory = memory;
        _time = time;
    }

    private StandbyMemory.Slot Slot => _memory[this.GetPrimaryKeyString()];

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // A run that nobody stopped here any more: its state need not stay. Any other end may leave a second activation to go on with it.
        if (reason.ReasonCode == DeactivationReasonCode.ActivationIdle)
            _memory.Forget(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ReadyAsync(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        // A silo that has just started takes its time to compile what it lays a model out with; better now than while training waits.
        return Task.Run(() => LayoutOf(plan));
    }

    /// <inheritdoc/>
    public Task BeginAsync(StandbyState state)
    {
        (Slot.Store, Slot.Begun) = (null, state);
        Slot.Pieces.Clear();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task TakeAsync(StatePiece piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        if (Slot.Begun is null || piece.Index != Slot.Pieces.Count)
            throw new InvalidOperationException(
                $"Piece {piece.Index} of a state arrived; "
                    + $"{(Slot.Begun is null ? "no state was begun" : $"piece {Slot.Pieces.Count} is expected")}. Send the state again.");
        Slot.Pieces.Add(piece.Payload);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task CompleteAsync()
    {
        if (Slot.Begun is not { } begun || Slot.Pieces.Count != begun.PieceCount)
            throw new InvalidOperationException(
                $"{Slot.Pieces.Count} pieces of a state arrived; {Slot.Begun?.PieceCount ?? 0} are expected. Send the state again.");
        IReadOnlyList<byte[]> pieces = [.. Slot.Pieces];
        Slot.Pieces.Clear();
        var time = _time;
        var store = await Task.Run(() => Build(begun, pieces, time));
        if (Slot.Begun == begun)
            Slot.Store = store;
    }

    /// <inheritdoc/>
    public async Task<StandbyAnswer> PushAsync(GradientBlock block, long writtenStep)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (Slot.Store is not { } store)
        {
            block.Payload.Release();
            return new(PushOutcome.NotStarted, -1);
        }
        return await Task.Run(() =>
        {
            store.History.Forget(writtenStep);
            return Push(store, block);
        });
    }

    /// <inheritdoc/>
    public async Task<StandbyState?> GetStateAsync()
    {
        if (Slot.Store is not { } store || Slot.Begun is not { } begun)
            return null;
        var checkpoint = await Task.Run(() => store.Capture(0));
        Slot.HandedOver = StatePieces.Split(checkpoint.State);
        return new()
        {
            Plan = begun.Plan,
            Step = checkpoint.State.Step,
            Updates = checkpoint.State.Updates,
            Records = [.. checkpoint.Records],
            PieceCount = Slot.HandedOver.Count,
        };
    }

    /// <inheritdoc/>
    public Task<StatePiece> GetPieceAsync(int index) => Task.FromResult(new StatePiece(index, Slot.HandedOver[index]));

    /// <inheritdoc/>
    public Task StopAsync()
    {
        _memory.Forget(this.GetPrimaryKeyString());
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private static ParameterStore Build(StandbyState state, IReadOnlyList<byte[]> pieces, TimeProvider time)
    {
        var (spec, layout) = LayoutOf(state.Plan);
        var joined = StatePieces.Join(layout, PartRange.All(layout), UpdateRules.For(spec).StateNames.Count, state.Step, state.Updates, pieces);
        return new ParameterStore(spec, state.Plan.Data, layout, new Checkpoint(joined, state.Records), time);
    }

    private static (RunSpec Spec, ParameterLayout Layout) LayoutOf(RunPlan plan)
    {
        var spec = RunSpecReader.ReadCanonical(plan.SpecJson);
        return (spec, ModelLayout.Of(spec, plan.Data));
    }

    private static StandbyAnswer Push(ParameterStore store, GradientBlock block)
    {
        var answer = store.Offer(block);
        try
        {
            if (answer.Outcome == PushOutcome.Accepted)
                store.TryApplyStep();
        }
        catch (NonFiniteException)
        {
            // The first server comes to the same, and the run fails with its sentence.
        }
        return new(answer.Outcome, store.Step);
    }
}
