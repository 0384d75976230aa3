using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VaeCluster.Silo.Health;

/// <summary>Healthy while this silo is an active member of its cluster.</summary>
internal sealed class SiloHealthCheck(ISiloStatusOracle membership) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(membership.CurrentStatus == SiloStatus.Active
            ? HealthCheckResult.Healthy("active in the cluster")
            : new HealthCheckResult(context.Registration.FailureStatus, $"{membership.CurrentStatus} in the membership; it must be Active"));
}
