using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.Storage;


namespace VaeCluster.Grains.Runs;

/// <summary>
/// What the parts of a run share while it is active on a silo. A session begins with the submission, with a resumption, or where the run is activated after
/// a loss; it ends with the run or with the activation, and nothing of it survives.
/// </summary>
internal sealed record RunSession
{
    /// <summary>The run's id.</summary>
    public required string RunId { get; init; }

    /// <summary>The name of the silo that drives the run, which has its parameter server.</summary>
    public required string Silo { get; init; }

    /// <summary>What the run computes.</summary>
    public required RunPlan Plan { get; init; }

    /// <summary>Its spec, complete.</summary>
    public required RunSpec Spec { get; init; }

    /// <summary>Its steps and shards.</summary>
    public required TrainingSchedule Schedule { get; init; }

    /// <summary>Its state.</summary>
    public required RunStateStore Store { get; init; }

    /// <summary>Its files.</summary>
    public required RunFiles Files { get; init; }

    /// <summary>How it is driven.</summary>
    public required RunOptions Options { get; init; }

    /// <summary>How long anything is waited for.</summary>
    public required LivenessOptions Liveness { get; init; }

    /// <summary>What is measured of it.</summary>
    public required RunInstruments Instruments { get; init; }

    /// <summary>Of the grain, for its own turns only.</summary>
    public required IGrainFactory Grains { get; init; }

    /// <summary>Ends the work of those whom the run does not need any more.</summary>
    public required RunRelease Release { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The log.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Everything that drives the run; it ends with the session.</summary>
    public BackgroundWork Work { get; } = new();

    /// <summary>What the run asks of the cluster's devices.</summary>
    public DeviceRequest DeviceRequest => new()
    {
        RunId = RunId,
        Min = Spec.Resources.Trainers.Min,
        Max = Spec.Resources.Trainers.Max,
        Kind = Spec.Resources.Device,
        Held = [],
        Silo = Silo,
    };

    /// <summary>The state of the run.</summary>
    public RunState State => Store.State;

    /// <summary>The key of the parameter server, which is on the run's silo.</summary>
    public string ServerKey => DeviceId.Of(Silo, RunId);

    /// <summary>The parameter server.</summary>
    public IParameterServerGrain Server => Grains.GetGrain<IParameterServerGrain>(ServerKey);
}
