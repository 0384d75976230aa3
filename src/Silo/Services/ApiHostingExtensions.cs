using VaeCluster.Data;

namespace VaeCluster.Silo.Services;

/// <summary>Registers the gRPC API.</summary>
internal static class ApiHostingExtensions
{
    public static void AddVaeClusterApi(this IServiceCollection services)
    {
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = ApiLimits.RequestBytesMax;
            grpc.Interceptors.Add<StatusInterceptor>();
            grpc.Interceptors.Add<CallLimitInterceptor>();
        });
        // One for all calls, because it counts them.
        services.AddSingleton<CallLimitInterceptor>();
        services.AddGrpcReflection();
        services.AddSingleton<DataProgressLog>();
        services.AddSingleton<IProgress<DataProgress>>(provider => provider.GetRequiredService<DataProgressLog>());
        services.AddSingleton<StreamCancellation>();
    }

    public static void MapVaeClusterApi(this WebApplication app)
    {
        app.MapGrpcService<RunsService>();
        app.MapGrpcService<DevicesService>();
        app.MapGrpcService<ArtifactsService>();
        app.MapGrpcService<ModelsService>();
        app.MapGrpcService<ClusterService>();
        app.MapGrpcReflectionService();
    }
}
