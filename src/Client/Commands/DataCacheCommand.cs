using System.CommandLine;
using VaeCluster.Client.Output;
using VaeCluster.Data.Images;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl data cache</c>.</summary>
internal static class DataCacheCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var folder = CacheOption();
        var command = new Verb(
            "cache",
            "Lists the caches of decoded images on this machine: size, source and last use.",
            "vaectl data cache",
            "vaectl data cache --folder /data/cache -o json") { folder };
        command.SetAction((result, _) =>
        {
            var invocation = with(result);
            return invocation.RunAsync(() =>
            {
                CacheText.Write(invocation, ImageCaches.List(invocation.Get(folder)), "in all", "This folder has no caches of images.");
                return Task.FromResult(ExitCode.Success);
            });
        });
        return command;
    }

    /// <summary>Where the caches are.</summary>
    public static Option<string?> CacheOption() => new("--folder")
    {
        Description = "Folder of the caches. Default: VAECLUSTER_CACHE_DIR, else vaecluster in XDG_CACHE_HOME, else ~/.cache/vaecluster.",
        HelpName = "folder",
    };
}
