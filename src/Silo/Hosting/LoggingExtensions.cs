using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;

namespace VaeCluster.Silo.Hosting;

/// <summary>How the log is written, and what of the libraries' logs a person reads by default.</summary>
internal static class LoggingExtensions
{
    /// <summary>Logs to the standard output.</summary>
    /// <param name="logging">The log.</param>
    /// <param name="format"><c>text</c> for people, <c>json</c> for programs: one object a line, in UTC.</param>
    public static void AddConsole(this ILoggingBuilder logging, string format)
    {
        var isJson = format.Equals("json", StringComparison.OrdinalIgnoreCase);
        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.ClearProviders();
        logging.AddConsoleFormatter<TextLogFormatter, ConsoleFormatterOptions>();
        logging.AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        // AddJsonConsole names its own formatter; this names the one that was asked for.
        logging.Services.PostConfigure<ConsoleLoggerOptions>(console =>
            console.FormatterName = isJson ? ConsoleFormatterNames.Json : TextLogFormatter.FormatterName);
    }

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
