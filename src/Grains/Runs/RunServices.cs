using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Data;
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
        MembershipCheck membership,
        RunFiles files,
        RunInstruments instruments,
        ILocalSiloDetails silo,
        TimeProvider time,
        ILogger<RunGrain> logger,
        DataAccess? data = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(liveness);
        ArgumentNullException.ThrowIfNull(silo);
        Options = options.Value;
        Liveness = liveness.Value;
        Membership = membership;
        Files = files;
        Instruments = instruments;
        Silo = silo.Name;
        Time = time;
        Logger = logger;
        Data = data;
    }

    internal RunOptions Options { get; }

    internal LivenessOptions Liveness { get; }

    internal MembershipCheck Membership { get; }

    internal RunFiles Files { get; }

    internal RunInstruments Instruments { get; }

    /// <summary>The name of this silo.</summary>
    internal string Silo { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    /// <summary>What data may use; null without bounds.</summary>
    internal DataAccess? Data { get; }
}
