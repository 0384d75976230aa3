using Microsoft.Extensions.DependencyInjection.Extensions;
using VaeCluster.Grains.Devices;

namespace VaeCluster.Grains.Trainers;

/// <summary>Registers the trainers.</summary>
public static class TrainersHostingExtensions
{
    /// <summary>Lets this silo host the trainers of its devices.</summary>
    public static ISiloBuilder AddTrainers(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<TrainerInstruments>();
        builder.Services.TryAddSingleton<RunWeights>();
        builder.Services.TryAddSingleton<SiloExchange>();
        builder.AddPlacementDirector<SiloNamePlacement, SiloNamePlacementDirector>();
        return builder;
    }
}
