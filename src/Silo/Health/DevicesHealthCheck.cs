using Microsoft.Extensions.Diagnostics.HealthChecks;
using VaeCluster.Silo.Devices;

namespace VaeCluster.Silo.Health;

/// <summary>Healthy while the cluster's registry knows the devices of this silo: then they can be allocated to runs.</summary>
internal sealed class DevicesHealthCheck(DeviceAnnouncer announcer) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(announcer.HasAnnounced
            ? HealthCheckResult.Healthy("announced to the cluster")
            : new HealthCheckResult(context.Registration.FailureStatus, "not announced to the cluster; the log gives the reason"));
}
