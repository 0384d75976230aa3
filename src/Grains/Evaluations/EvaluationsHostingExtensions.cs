using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using VaeCluster.Data;
using VaeCluster.Training.Inference;

namespace VaeCluster.Grains.Evaluations;

/// <summary>Registers what puts models to use.</summary>
public static class EvaluationsHostingExtensions
{
    /// <summary>Lets this silo evaluate, use and export the models of runs.</summary>
    public static ISiloBuilder AddEvaluations(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(provider => new InferenceWorker(provider.GetService<DataAccess>()));
        builder.Services.TryAddSingleton<TrainedModels>();
        builder.Services.TryAddSingleton<ModelEvaluations>();
        builder.Services.TryAddSingleton<ModelExports>();
        return builder;
    }
}
