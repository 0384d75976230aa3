using Grpc.Core;
using VaeCluster.Contracts.V1;
using VaeCluster.Silo.Configuration;

namespace VaeCluster.Silo.Services;

/// <summary>The API of the cluster itself.</summary>
internal sealed class ClusterService : Cluster.ClusterBase
{
    private readonly SiloSettings _options;

    public ClusterService(SiloSettings options) => _options = options;

    public override Task<VersionResponse> Version(VersionRequest request, ServerCallContext context) =>
        Task.FromResult(new VersionResponse { Version = ProductVersion.Text, Silo = _options.EffectiveName, ClusterId = _options.ClusterId });
}
