using Microsoft.Extensions.Hosting;
using OpenTelemetry;

namespace Microsoft.Extensions.DependencyInjection;

public static class OpenTelemetryServicesExtensions
{
    public static OpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        // Before all others, so that what they measure while they start is not lost.
        if (!services.Any(service => service.ImplementationType == typeof(MeterProviderStarter)))
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, MeterProviderStarter>());
        return new OpenTelemetryBuilder(services);
    }
}
