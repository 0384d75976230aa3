using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Storage;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Optimizers;
using VaeCluster.Parameters.Store;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// Builds the store of a parameter server that starts: from what its standby followed or from the newest valid checkpoint, whichever is further, or at step 0.
/// It takes long and runs off the grain's turns, so it is no part of the grain.
/// </summary>
internal sealed partial class ParameterServerLoader
{
    private readonly RunFiles _files;
    private readonly TimeProvider _time;
    private readonly ParameterServerInstruments _instruments;
    private readonly ILogger<ParameterServerGrain> _logger;

    /// <summary>For the container.</summary>
    public ParameterServerLoader(RunFiles files, TimeProvider time, ParameterServerInstruments instruments, ILogger<ParameterServerGrain> logger) =>
        (_files, _time, _instruments, _logger) = (files, time, instruments, logger);

    /// <summary>Builds the store.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="followed">What a standby followed; null when none did.</param>
    /// <param name="partitions">How many partitions the flat vector has, that of the server included.</param>
    /// <returns>The server's memory, and the state of all partitions that it begins with.</returns>
    public (LoadedParameterServer Loaded, TrainingState Whole) Load(
        RunPlan plan,
        (StandbyState State, IReadOnlyList<byte[]> Pieces)? followed,
        int partitions)
    {
        var spec = RunSpecReader.ReadCanonical(plan.SpecJson);
        var layout = ModelLayout.Of(spec, plan.Data);
        var kinds = UpdateRules.For(spec).StateNames.Count;
        var folder = new CheckpointFolder(_files.Checkpoints(plan.RunId), plan, spec, layout);
        folder.Clean();
        var damaged = new List<string>();
        var checkpoint = folder.ReadNewest(damaged);
        damaged.ForEach(LogDamaged);
        var writtenStep = checkpoint?.State.Step ?? -1;
        var isFromStandby = followed is { State: var state } && state.Plan == plan && state.Step > writtenStep;
        if (isFromStandby)
        {
            var (newer, pieces) = followed!.Value;
            checkpoint = new(StatePieces.Join(layout, PartRange.All(layout), kinds, newer.Step, newer.Updates, pieces), newer.Records);
        }
        if (checkpoint is null && plan.Origin is { } origin)
            checkpoint = new CheckpointFolder(_files.Origin(plan.RunId), plan, spec, layout).Read(origin.Step);
        checkpoint ??= new(TrainingState.Create(layout, kinds, WeightInitializer.Initialize(layout, spec.Seed)), []);
        var store = new ParameterStore(spec, plan.Data, layout, checkpoint, _time, partitions);
        var writer = new CheckpointWriter(store, folder, spec.Checkpoint, writtenStep, _time, _instruments, _logger);
        return (new(store, writer, [.. damaged], isFromStandby), checkpoint.State);
    }

    [LoggerMessage(3, LogLevel.Error, "{Damage}")]
    private partial void LogDamaged(string damage);
}
