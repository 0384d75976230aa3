using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using VaeCluster.Data;
using VaeCluster.Grains.Liveness;

namespace VaeCluster.Grains.Runs;

/// <summary>Registers the runs.</summary>
public static class RunsHostingExtensions
{
    /// <summary>Lets this silo host runs.</summary>
    public static ISiloBuilder AddRuns(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<MembershipCheck>();
        builder.Services.TryAddSingleton<RunInstruments>();
        builder.Services.TryAddSingleton<RunServices>();
        builder.Services.TryAddSingleton<RunGrains>();
        builder.Services.TryAddSingleton<RunForks>();
        builder.Services.TryAddSingleton<RunLists>();
        builder.Services.TryAddSingleton<DataAccess>();
        builder.Services.TryAddSingleton<DataOpener>();
        builder.Services.TryAddSingleton<RunSubmitter>();
        builder.Services.AddOptions<RunOptions>();
        return builder;
    }
}
