using VaeCluster.Data;
using VaeCluster.Training.Inference;

namespace VaeCluster.Silo.Services;

/// <summary>Registers the gRPC API.</summary>
internal static class ApiHostingExtensions
{
    public static void AddVaeClusterApi(this IServiceCollection services)
    {
        services.AddGrpc(grpc => grpc.Interceptors.Add<StatusInterceptor>());
        services.AddGrpcReflection();
        services.AddSingleton<RunGrains>();
        services.AddSingleton<RunSubmitter>();
        services.AddSingleton<RunForks>();
        services.AddSingleton<RunExporter>();
        services.AddSingleton<DataProgressLog>();
        services.AddSingleton<IProgress<DataProgress>>(provider => provider.GetRequiredService<DataProgressLog>());
        services.AddSingleton<StreamCancellation>();
        services.AddSingleton<InferenceWorker>();
        services.AddSingleton<TrainedModels>();
        services.AddSingleton<ModelEvaluations>();
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
