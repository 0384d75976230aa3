using VaeCluster.Data;
using VaeCluster.Data.Files;
using VaeCluster.Silo.Configuration;

namespace VaeCluster.Silo.Hosting;

/// <summary>Registers what data may use on this silo.</summary>
internal static class DataHostingExtensions
{
    public static void AddDataAccess(this IServiceCollection services, SiloSettings options) => services.AddSingleton(provider => new DataAccess
    {
        Roots = DataRoots.Of(options.EffectiveDataRoots),
        Memory = new DataMemory(options.DataMemory is { } mebibytes ? (long)mebibytes << 20 : null),
        Progress = provider.GetService<IProgress<DataProgress>>(),
    });
}
