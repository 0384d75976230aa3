using Grpc.Core;
using VaeCluster.Contracts.V1;
using VaeCluster.Silo.Configuration;

namespace VaeCluster.Silo.Services;

/// <summary>The API of the cluster itself.</summary>
internal sealed class ClusterService : Cluster.ClusterBase
{
    private readonly SiloOptions _options;

    public ClusterService(SiloOptions options) => _options = options;

    public override Task<VersionResponse> Version(VersionRequest request, ServerCallContext context) =>
        Task.FromResult(new VersionResponse { Version = ProductVersion.Text, Silo = _options.EffectiveName, ClusterId = _options.ClusterId });
}
