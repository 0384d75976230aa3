using OpenTelemetry.Metrics;

namespace VaeCluster.Silo.Metrics;

/// <summary>Which instruments of the libraries are served, and how they are named, explained and labelled.</summary>
internal static class LibraryViews
{
    /// <summary>Milliseconds: Orleans measures in them, and a view cannot convert.</summary>
    private static readonly double[] LatencyBuckets = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

    /// <summary>
    /// Orleans has over a hundred instruments, none with a description, and some with a label that grows with every restart of a silo.
    /// These say how the grains of a silo fare; the others are dropped.
    /// </summary>
    private static readonly Dictionary<string, MetricStreamConfiguration> Orleans = new(StringComparer.Ordinal)
    {
        ["orleans-app-requests-latency"] = Latency("Latency of the calls that this silo makes to grains, in milliseconds."),
        ["orleans-app-requests-timedout"] = Labelled("Calls to grains that timed out."),
        ["orleans-catalog-activations"] = Labelled("Grain activations in memory; grain_type is the kind of the grain.", "grain_type"),
        ["orleans-catalog-activation-created"] = Labelled("Grain activations created; grain_type is the kind of the grain.", "grain_type"),
        ["orleans-catalog-activation-failed-to-activate"] = Labelled("Grain activations that failed."),
        ["orleans-messaging-expired"] = Labelled("Messages that were dropped because they were too old."),
        ["orleans-messaging-rejected"] = Labelled("Messages that were rejected."),
        ["orleans-messaging-sent-failed"] = Labelled("Messages that could not be sent."),
        ["orleans-messaging-pings-sent"] = Labelled("Probes that this silo sent to other silos."),
        ["orleans-messaging-pings-reply-missed"] = Labelled("Probes of other silos that got no reply; these are declared dead in the end."),
        ["orleans-networking-sockets-opened"] = Labelled("Connections between silos that were opened."),
        ["orleans-networking-sockets-closed"] = Labelled("Connections between silos that were closed."),
        ["orleans-scheduler-long-running-turns"] = Labelled("Turns of grains that held their thread for too long."),
        ["orleans-storage-read-errors"] = Labelled("Grain states that could not be read; state_name is the kind of the grain.", "state_name"),
        ["orleans-storage-write-errors"] = Labelled("Grain states that could not be written; state_name is the kind of the grain.", "state_name"),
        ["orleans-storage-read-latency"] = Latency("Latency of reading a grain's state, in milliseconds; state_name is the kind of the grain.", "state_name"),
        ["orleans-storage-write-latency"] = Latency("Latency of writing a grain's state, in milliseconds; state_name is the kind of the grain.", "state_name"),
    };

    public static MeterProviderBuilder AddLibraryViews(this MeterProviderBuilder metrics) => metrics
        .AddView(instrument => instrument.Meter.Name == "Microsoft.Orleans" ? Orleans.GetValueOrDefault(instrument.Name, MetricStreamConfiguration.Drop) : null)
        // The suffix _count belongs to histograms, so the linter of Prometheus refuses these names.
        .AddView("dotnet.assembly.count", MetricStreamConfiguration.Drop)
        .AddView("dotnet.timer.count", MetricStreamConfiguration.Drop)
        .AddView("dotnet.process.cpu.count", "dotnet.process.cpus")
        .AddView("process.thread.count", "process.threads")
        .AddView("process.unix.file_descriptor.count", "process.unix.file_descriptors");

    private static MetricStreamConfiguration Labelled(string description, params string[] labels) => new() { Description = description, TagKeys = labels };

    private static ExplicitBucketHistogramConfiguration Latency(string description, params string[] labels) =>
        new() { Description = description, TagKeys = labels, Boundaries = LatencyBuckets };
}
