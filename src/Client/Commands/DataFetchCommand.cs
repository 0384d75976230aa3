using System.CommandLine;
using System.Text.Json;
using VaeCluster.Client.Datasets;
using VaeCluster.Client.Output;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl data fetch</c>.</summary>
internal static class DataFetchCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var name = new Argument<string>("name") { Description = "The data set: mnist or fashion-mnist." };
        name.AcceptOnlyFromAmong([.. PublicDataset.All.Select(dataset => dataset.Name)]);
        var folder = new Option<string>("--to") { Description = "Folder to write to. Default: data/NAME.", HelpName = "folder" };
        var mirror = new Option<string>("--mirror")
        {
            Description = "Address of a folder that holds the files, instead of the public ones.",
            HelpName = "address",
        };
        var command = new Verb(
            "fetch",
            "Downloads a public data set and verifies it. An interrupted download continues where it stopped.",
            "vaectl data fetch mnist --to /data/mnist",
            "vaectl data fetch fashion-mnist --mirror http://mirror.example/fashion") { name, folder, mirror };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.RunAsync(async () =>
            {
                var dataset = PublicDataset.All.Single(one => one.Name == invocation.Get(name));
                var target = Path.GetFullPath(invocation.Get(folder) ?? Path.Combine("data", dataset.Name));
                using var downloader = new FileDownloader();
                foreach (var file in dataset.Files)
                    await FetchAsync(invocation, downloader, file, AddressesOf(dataset, invocation.Get(mirror)), target, cancellationToken);
                if (!invocation.IsJson)
                    invocation.WriteLine($"Train on it with: vaectl submit run.yaml --set data.source=idx --set data.path={target}");
                return ExitCode.Success;
            });
        });
        return command;
    }

    private static async Task FetchAsync(
        Invocation invocation,
        FileDownloader downloader,
        PublicFile file,
        IReadOnlyList<Uri> addresses,
        string folder,
        CancellationToken cancellationToken)
    {
        var outcome = await downloader.FetchAsync(file, addresses, folder, new DownloadProgress(invocation.Terminal, file), cancellationToken);
        var path = Path.Combine(folder, file.Name);
        if (invocation.IsJson)
        {
            var fetched = new { path, size_bytes = file.Length, sha256 = file.Sha256, outcome = outcome.ToString().ToLowerInvariant() };
            invocation.WriteLine(JsonSerializer.Serialize(fetched));
        }
        else
            invocation.WriteLine($"{path}  {file.Length} bytes, {Say(outcome)}");
    }

    private static string Say(DownloadOutcome outcome) => outcome switch
    {
        DownloadOutcome.Present => "already present",
        DownloadOutcome.Resumed => "download completed",
        _ => "fetched",
    };

    private static IReadOnlyList<Uri> AddressesOf(PublicDataset dataset, string? mirror)
    {
        if (mirror is null)
            return dataset.Addresses;
        return Uri.TryCreate(mirror.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? [address]
            : throw new UsageException($"--mirror is '{mirror}'; it must be an address such as http://mirror.example/mnist.");
    }
}
