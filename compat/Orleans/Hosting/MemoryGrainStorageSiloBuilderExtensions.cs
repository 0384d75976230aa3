using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Orleans.Hosting
{
    /// <summary>Registers storages in memory.</summary>
    public static class MemoryGrainStorageSiloBuilderExtensions
    {
        public static ISiloBuilder AddMemoryGrainStorage(
            this ISiloBuilder builder, string name, Action<OptionsBuilder<MemoryGrainStorageOptions>>? configureOptions = null)
        {
            configureOptions?.Invoke(builder.Services.AddOptions<MemoryGrainStorageOptions>(name));
            return builder.ConfigureServices(services => services.AddGrainStorage(
                name, static (provider, key) => new MemoryGrainStorage(key, provider.GetRequiredService<IGrainFactory>())));
        }

        public static ISiloBuilder AddMemoryGrainStorageAsDefault(
            this ISiloBuilder builder, Action<OptionsBuilder<MemoryGrainStorageOptions>>? configureOptions = null) =>
            builder.AddMemoryGrainStorage(StorageProviderExtensions.DefaultName, configureOptions);
    }
}

namespace Orleans.Configuration
{
    /// <summary>Settings of a storage in memory; there are none that matter here.</summary>
    public class MemoryGrainStorageOptions;
}
