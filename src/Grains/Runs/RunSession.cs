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
    /// <summary>What every run on this silo uses.</summary>
    public required RunServices Services { get; init; }

    /// <summary>What the run computes.</summary>
    public required RunPlan Plan { get; init; }

    /// <summary>Its spec, complete.</summary>
    public required RunSpec Spec { get; init; }

    /// <summary>Its steps and shards.</summary>
    public required TrainingSchedule Schedule { get; init; }

    /// <summary>Its state.</summary>
    public required RunStateStore Store { get; init; }

    /// <summary>Of the grain, for its own turns only.</summary>
    public required IGrainFactory Grains { get; init; }

    /// <summary>Ends the work of those whom the run does not need any more.</summary>
    public required RunRelease Release { get; init; }

    /// <summary>Everything that drives the run; it ends with the session.</summary>
    public BackgroundWork Work { get; } = new();

    /// <summary>The run's id.</summary>
    public string RunId => Plan.RunId;

    /// <summary>The name of the silo that drives the run, which has its parameter server.</summary>
    public string Silo => Services.Silo;

    /// <summary>Its files.</summary>
    public RunFiles Files => Services.Files;

    /// <summary>How it is driven.</summary>
    public RunOptions Options => Services.Options;

    /// <summary>How long anything is waited for.</summary>
    public LivenessOptions Liveness => Services.Liveness;

    /// <summary>What is measured of it.</summary>
    public RunInstruments Instruments => Services.Instruments;

    /// <summary>The clock.</summary>
    public TimeProvider Time => Services.Time;

    /// <summary>The log.</summary>
    public ILogger Logger => Services.Logger;

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
