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
        ["", "vaecluster.v1.Runs", "vaecluster.v1.Devices", "vaecluster.v1.Artifacts", "vaecluster.v1.Cluster"];

    private readonly DeviceAnnouncer _announcer;
    private readonly TimeProvider _time;

    public HealthService(DeviceAnnouncer announcer, TimeProvider time) => (_announcer, _time) = (announcer, time);

    private ServingStatus Status => _announcer.HasAnnounced ? ServingStatus.Serving : ServingStatus.NotServing;

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) => Services.Contains(request.Service)
        ? Task.FromResult(new HealthCheckResponse { Status = Status })
        : throw new KeyNotFoundException($"There is no service '{request.Service}' here.");

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ServingStatus? told = null;
        while (!context.CancellationToken.IsCancellationRequested)
        {
            var status = Services.Contains(request.Service) ? Status : ServingStatus.ServiceUnknown;
            if (status != told)
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
            told = status;
            await Task.Delay(WatchPeriod, _time, context.CancellationToken);
        }
    }
}
