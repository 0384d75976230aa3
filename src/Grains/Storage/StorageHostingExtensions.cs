using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime.Hosting;

namespace VaeCluster.Grains.Storage;

/// <summary>Registers the files of the data directory.</summary>
public static class StorageHostingExtensions
{
    /// <summary>Keeps grain state and runs in the data directory.</summary>
    public static ISiloBuilder AddFileStorage(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<DataDirectoryOptions>().ValidateDataAnnotations().ValidateOnStart();
        builder.Services.TryAddSingleton<RunFiles>();
        builder.Services.AddGrainStorage(FileGrainStorage.Name, (services, _) => ActivatorUtilities.CreateInstance<FileGrainStorage>(services));
        return builder;
    }
}
