using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace VaeCluster.Grains.Liveness;

/// <summary>Registers what decides when a silo is dead.</summary>
public static class LivenessHostingExtensions
{
    /// <summary>Derives Orleans' membership and response timeouts, and the waits of this product's grains, from <see cref="LivenessOptions"/>.</summary>
    public static ISiloBuilder AddLiveness(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<LivenessOptions>().ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LivenessOptions>, LivenessOptionsValidator>());
        builder.Services.AddOptions<ClusterMembershipOptions>()
            .Configure<IOptions<LivenessOptions>>((membership, liveness) => Derive(membership, liveness.Value));
        builder.Services.AddOptions<SiloMessagingOptions>().Configure<IOptions<LivenessOptions>>((messaging, liveness) =>
            (messaging.ResponseTimeout, messaging.SystemResponseTimeout) = (liveness.Value.ResponseTimeout, liveness.Value.ResponseTimeout));
        return builder;
    }

    /// <summary>
    /// Lets a silo that starts declare members dead whose processes have ended. For a membership that outlives its silos: where one of them keeps it in
    /// memory, there is nobody to declare dead.
    /// </summary>
    public static ISiloBuilder AddDeadMemberEviction(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, DeadMemberEviction>());
        return builder;
    }

    private static void Derive(ClusterMembershipOptions membership, LivenessOptions liveness)
    {
        membership.ProbeTimeout = liveness.ProbeTimeout;
        membership.NumMissedProbesLimit = LivenessOptions.MissedProbes;
        // Orleans would let the timeout of a probe grow to four times its value, and believes for as many probes that a silo lives whose connection
        // was just used: a silo that is cut off would be declared dead four times as late.
        membership.MinProbeTimeout = liveness.ProbeTimeout;
        membership.MaxProbeTimeout = liveness.ProbeTimeout;
        membership.TableRefreshTimeout = liveness.HeartbeatPeriod;
        membership.IAmAliveTablePublishTimeout = liveness.HeartbeatPeriod;
        // A silo whose heartbeat is stale is probed by all, and is left out of the count of those whose votes declare a silo dead.
        membership.NumMissedTableIAmAliveLimit = LivenessOptions.MissedHeartbeats;
        membership.MaxJoinAttemptTime = liveness.JoinTimeout;
    }
}
