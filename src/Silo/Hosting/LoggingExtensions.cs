namespace VaeCluster.Silo.Hosting;

/// <summary>What of the libraries' logs a person reads by default.</summary>
internal static class LoggingExtensions
{
    public static ILoggingBuilder AddLibraryFilters(this ILoggingBuilder logging) => logging
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("Grpc", LogLevel.Warning)
        .AddFilter("Polly", LogLevel.Warning)
        .AddFilter("Orleans", LogLevel.Warning)
        // A message that cannot be addressed, because its silo is gone, is an exception for the caller too, and the caller logs what follows from it.
        .AddFilter("Orleans.Messaging", LogLevel.Critical)
        // It warns at every start that the garbage collector is not the server's; this program chose its settings by measurement (see its project file).
        .AddFilter("Orleans.Runtime.Silo", LogLevel.Error)
        // Its first check compares with the start of the machine, and warns of a stall of that length.
        .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
}
