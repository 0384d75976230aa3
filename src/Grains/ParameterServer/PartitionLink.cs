using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Liveness;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>A parameter server's way to one of its partitions. Every call has an end: training waits for some of them.</summary>
/// <param name="grains">Of the grain, for its own turns only.</param>
/// <param name="key">The partition's key.</param>
/// <param name="range">Its range, counted from 0.</param>
/// <param name="parts">The parts of the range.</param>
/// <param name="session">The session of the parameter server.</param>
/// <param name="liveness">How long anything is waited for.</param>
/// <param name="time">The clock.</param>
internal sealed class PartitionLink(
    IGrainFactory grains,
    string key,
    int range,
    PartRange parts,
    string session,
    LivenessOptions liveness,
    TimeProvider time)
{
    private readonly IPartitionGrain _partition = grains.GetGrain<IPartitionGrain>(key);

    /// <summary>The silo that the partition is on.</summary>
    public string Silo { get; } = DeviceId.SiloOf(key);

    /// <summary>Hands its range of a state over; it serves that from then on.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="server">The key of the parameter server.</param>
    /// <param name="rangeCount">How many ranges there are.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="whole">The state of all ranges.</param>
    /// <exception cref="TimeoutException">A call was not answered in time.</exception>
    /// <exception cref="OrleansException">The silo cannot be reached.</exception>
    public async Task BeginAsync(RunPlan plan, string server, int rangeCount, ParameterLayout layout, TrainingState whole)
    {
        var pieces = await Task.Run(() => StatePieces.Split(whole.Slice(layout, parts)));
        await Answer(_partition.BeginAsync(new PartitionStart
        {
            Plan = plan,
            Session = session,
            Server = server,
            Range = range,
            RangeCount = rangeCount,
            Step = whole.Step,
            Updates = whole.Updates,
            PieceCount = pieces.Count,
        }));
        foreach (var (index, piece) in pieces.Index())
            await Answer(_partition.TakeAsync(session, new StatePiece(index, piece)));
        // It builds its store now, which takes the longer the larger the range is; the call's own timeout bounds it.
        await _partition.CompleteAsync(session);
    }

    /// <summary>Whether it serves the session.</summary>
    public Task<bool> IsServingAsync() => Answer(_partition.IsServingAsync(session));

    /// <summary>Its state after a step.</summary>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="kinds">Kinds of state of the optimizer.</param>
    /// <param name="step">Steps applied.</param>
    /// <param name="copy">What is asked for. Weights alone come without the optimizer's state.</param>
    /// <exception cref="TimeoutException">It does not come to that step, or does not answer.</exception>
    /// <exception cref="OrleansException">The silo cannot be reached.</exception>
    public async Task<TrainingState> GetStateAsync(ParameterLayout layout, int kinds, long step, StateCopy copy)
    {
        var state = await _partition.GetStateAsync(session, step, copy)
            ?? throw new TimeoutException($"The partition {key} did not come to step {step} within {liveness.PullTimeout.TotalSeconds:F1} s.");
        var pieces = new List<byte[]>();
        while (pieces.Count < state.PieceCount)
        {
            var piece = await Answer(_partition.GetPieceAsync(session, pieces.Count))
                ?? throw new TimeoutException($"The partition {key} stopped serving before it had handed its state of step {step} over.");
            pieces.Add(piece.Payload);
        }
        return copy == StateCopy.All
            ? StatePieces.Join(layout, parts, kinds, step, state.Updates, pieces)
            : new() { Step = step, Updates = state.Updates, Weights = pieces, Optimizer = [] };
    }

    /// <summary>Has it hold gradients back at a step.</summary>
    /// <exception cref="TimeoutException">It does not come to that step, or does not answer.</exception>
    /// <exception cref="OrleansException">The silo cannot be reached.</exception>
    public async Task HoldAsync(long step, int attempt)
    {
        if (!await Answer(_partition.HoldAsync(session, step, attempt)))
            throw new TimeoutException($"The partition {key} did not come to step {step} in time.");
    }

    /// <summary>Has it take gradients again.</summary>
    public Task ReleaseAsync(string standbySilo) => Answer(_partition.ReleaseAsync(session, standbySilo));

    /// <summary>Lets it forget the run. One that cannot be reached forgets it when it is collected.</summary>
    public Task StopAsync() => Answer(_partition.StopAsync(session));

    private Task Answer(Task call) => call.WaitAsync(liveness.ResponseTimeout, time);

    private Task<T> Answer<T>(Task<T> call) => call.WaitAsync(liveness.ResponseTimeout, time);
}
