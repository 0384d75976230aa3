using Microsoft.Extensions.DependencyInjection.Extensions;

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
        builder.AddPlacementDirector<SiloNamePlacement, SiloNamePlacementDirector>();
        return builder;
    }
}
