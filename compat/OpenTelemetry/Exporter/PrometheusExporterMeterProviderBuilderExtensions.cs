using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Exporter.Internal;

namespace OpenTelemetry.Metrics;

public static class PrometheusExporterMeterProviderBuilderExtensions
{
    public static MeterProviderBuilder AddPrometheusExporter(this MeterProviderBuilder builder) => builder.AddPrometheusExporter(_ => { });

    public static MeterProviderBuilder AddPrometheusExporter(this MeterProviderBuilder builder, Action<PrometheusAspNetCoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.ConfigureServices(services =>
        {
            services.Configure(configure);
            services.TryAddSingleton<PrometheusExporters>();
        });
        return builder.AddReader(services =>
        {
            var options = services.GetRequiredService<IOptions<PrometheusAspNetCoreOptions>>().Value;
            var exporter = new PrometheusExporter(options, services.GetRequiredService<ILoggerFactory>().CreateLogger("OpenTelemetry.Exporter.Prometheus"));
            services.GetRequiredService<PrometheusExporters>().Add(exporter);
            // A Prometheus counter only ever grows.
            return new BaseExportingMetricReader(exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative };
        });
    }
}
