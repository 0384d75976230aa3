using Grpc.Core;
using VaeCluster.Contracts.Grpc.Health;
using VaeCluster.Silo.Devices;
using static VaeCluster.Contracts.Grpc.Health.HealthCheckResponse.Types;

namespace VaeCluster.Silo.Services;

/// <summary>grpc.health.v1: the silo serves once the cluster knows it.</summary>
internal sealed class HealthService : Health.HealthBase
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);

    private static readonly HashSet<string> Services =
        ["", "vaecluster.v1.Runs", "vaecluster.v1.Devices", "vaecluster.v1.Artifacts", "vaecluster.v1.Models", "vaecluster.v1.Cluster"];

    private readonly DeviceAnnouncer _announcer;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;

    public HealthService(DeviceAnnouncer announcer, TimeProvider time, IHostApplicationLifetime lifetime) =>
        (_announcer, _time, _stopping) = (announcer, time, lifetime.ApplicationStopping);

    private ServingStatus Status => _announcer.HasAnnounced && !_stopping.IsCancellationRequested ? ServingStatus.Serving : ServingStatus.NotServing;

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) => Services.Contains(request.Service)
        ? Task.FromResult(new HealthCheckResponse { Status = Status })
        : throw new KeyNotFoundException($"There is no service '{request.Service}' here.");

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ServingStatus? told = null;
        using var wakeUp = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, _stopping);
        while (!context.CancellationToken.IsCancellationRequested)
        {
            var status = Services.Contains(request.Service) ? Status : ServingStatus.ServiceUnknown;
            if (status != told)
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
            told = status;
            if (_stopping.IsCancellationRequested)
                return; // A stream that stays open would hold up the end of the silo.
            await Task.Delay(WatchPeriod, _time, wakeUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
