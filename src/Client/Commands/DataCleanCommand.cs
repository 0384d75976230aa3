using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Data.Images;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl data clean</c>.</summary>
internal static class DataCleanCommand
{
    private const int DaysMax = 36_500;

    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var folder = DataCacheCommand.CacheOption();
        var days = new Option<int>("--unused") { Description = "Days without use, 0 for all caches.", HelpName = "days", DefaultValueFactory = _ => 30 };
        var command = new Verb(
            "clean",
            "Removes the caches of decoded images that have not been used for some days, and lists them. A removed cache is built again when a run needs it.",
            "vaectl data clean",
            "vaectl data clean --unused 0 --folder /data/cache") { days, folder };
        command.SetAction((result, _) =>
        {
            var invocation = with(result);
            return invocation.RunAsync(() =>
            {
                if (invocation.Get(days) is < 0 or > DaysMax)
                    throw new UsageException($"--unused is {invocation.Get(days)}; it must be a number of days between 0 and {DaysMax}.");
                var removed = ImageCaches.Remove(TimeSpan.FromDays(invocation.Get(days)), TimeProvider.System, invocation.Get(folder));
                CacheText.Write(invocation, removed, "removed", "Nothing is removed: every cache has been used since then.");
                return Task.FromResult(ExitCode.Success);
            });
        });
        return command;
    }
}
