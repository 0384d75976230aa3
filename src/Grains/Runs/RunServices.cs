using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Runs;

/// <summary>What every run on a silo uses.</summary>
public sealed class RunServices
{
    /// <summary>For the container.</summary>
    public RunServices(
        IOptions<RunOptions> options,
    IOptions<LivenessOptions> liveness,
    RunFiles files,
    RunInstruments instruments,
    ILocalSiloDetails silo,
    TimeProvider time,
    ILogger<RunGrain> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(liveness);
        ArgumentNullException.ThrowIfNull(silo);
        Options = options.Value;
        Liveness = liveness.Value;
        Files = files;
        Instruments = instruments;
        Silo = silo.Name;
        Time = time;
        Logger = logger;
    }

    internal RunOptions Options { get; }

    internal LivenessOptions Liveness { get; }

    internal RunFiles Files { get; }

    internal RunInstruments Instruments { get; }

    /// <summary>The name of this silo.</summary>
    internal string Silo { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }
}
