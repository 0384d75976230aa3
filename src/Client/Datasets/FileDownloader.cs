using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace VaeCluster.Client.Datasets;

/// <summary>
/// Fetches files into a folder. What has arrived of one is kept beside its place as <c>NAME.partial</c>, and asked for no second time; a
/// file gets its name when all of it is there and its hash is right.
/// </summary>
internal sealed class FileDownloader : IDisposable
{
    /// <summary>Times that a connection may break while something still arrives.</summary>
    private const int AttemptsMax = 5;

    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;

    /// <param name="timeout">The longest silence of a server; 60 s when left out.</param>
    public FileDownloader(TimeSpan? timeout = null)
    {
        _timeout = timeout ?? TimeSpan.FromSeconds(60);
        // The timeout holds for each answer and each piece of it; a whole file may take as long as it takes.
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = _timeout }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Fetches one file, unless it is there.</summary>
    /// <param name="file">Which.</param>
    /// <param name="addresses">Folders that hold it, tried in order.</param>
    /// <param name="folder">Where to put it.</param>
    /// <param name="progress">Receives the number of bytes that have arrived.</param>
    /// <param name="cancellationToken">Ends it; what has arrived is kept.</param>
    /// <returns>Whether it had to be fetched, or the rest of it, or nothing.</returns>
    /// <exception cref="DownloadException">No address gave it, or what it gave is another file.</exception>
    public async Task<DownloadOutcome> FetchAsync(
        PublicFile file,
        IReadOnlyList<Uri> addresses,
        string folder,
        IProgress<long> progress,
        CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, file.Name);
        if (File.Exists(path))
            return await IsValidAsync(path, file, cancellationToken)
                ? DownloadOutcome.Present
                : throw new DownloadException(
                    $"{path} exists and is another file: its SHA-256 is not {file.Sha256}. Remove it, or choose another folder with --to.");
        Directory.CreateDirectory(folder);
        var beside = path + ".partial";
        var wasStarted = File.Exists(beside) && new FileInfo(beside).Length > 0;
        var failures = new List<string>();
        foreach (var address in addresses)
        {
            try
            {
                await FetchFromAsync(new Uri(address, file.Name), file, beside, progress, cancellationToken);
                File.Move(beside, path);
                return wasStarted ? DownloadOutcome.Resumed : DownloadOutcome.Fetched;
            }
            catch (DownloadException e)
            {
                failures.Add(e.Message);
            }
        }
        throw new DownloadException($"{string.Join(' ', failures)} Run the command again to continue the download, or name another address with --mirror.");
    }

    public void Dispose() => _http.Dispose();

    private async Task FetchFromAsync(Uri address, PublicFile file, string beside, IProgress<long> progress, CancellationToken cancellationToken)
    {
        var wasStarted = Here(beside) > 0;
        await ReceiveAllAsync(address, file, beside, progress, cancellationToken);
        if (await IsValidAsync(beside, file, cancellationToken))
            return;
        var (length, found) = (Here(beside), await Sha256Async(beside, cancellationToken));
        File.Delete(beside); // To go on with it would only give the same again.
        if (!wasStarted)
            throw new DownloadException(
                $"{address} sent another file: {length} bytes with SHA-256 {found}; expected are {file.Length} bytes with SHA-256 {file.Sha256}.");
        // What was here before may be what is wrong.
        await FetchFromAsync(address, file, beside, progress, cancellationToken);
    }

    private async Task ReceiveAllAsync(Uri address, PublicFile file, string beside, IProgress<long> progress, CancellationToken cancellationToken)
    {
        for (var attempt = 1; Here(beside) < file.Length; attempt++)
        {
            var before = Here(beside);
            try
            {
                await ReceiveAsync(address, file, beside, progress, cancellationToken);
                if (Here(beside) < file.Length)
                    throw new HttpRequestException("the answer ended early");
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                if (attempt == AttemptsMax || Here(beside) == before)
                    throw new DownloadException($"{address} broke off after {Here(beside)} of {file.Length} bytes: {e.Message.TrimEnd('.')}.", e);
            }
        }
    }

    private async Task ReceiveAsync(Uri address, PublicFile file, string beside, IProgress<long> progress, CancellationToken cancellationToken)
    {
        var here = Here(beside);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (here > 0)
            request.Headers.Range = new RangeHeaderValue(here, null);
        using var response = await WithTimeoutAsync(token => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
            throw new DownloadException($"{address} answers {(int)response.StatusCode} ({response.ReasonPhrase}).");
        // A server that knows no ranges sends the whole file, and one may answer with a range that was not asked for.
        var goesOn = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == here;
        if (response.StatusCode == HttpStatusCode.PartialContent && !goesOn)
            throw new DownloadException(
                $"{address} answers with the range {response.Content.Headers.ContentRange}; the request asks for the range from {here}.");
        await using var target = new FileStream(beside, goesOn ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None);
        await using var source = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[1 << 16];
        for (int count; (count = await WithTimeoutAsync(token => source.ReadAsync(buffer, token).AsTask(), cancellationToken)) > 0;)
        {
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            progress.Report(target.Length);
            // What goes on for ever is another file; its hash will say so.
            if (target.Length > file.Length)
                break;
        }
        target.Flush(flushToDisk: true);
    }

    private async Task<T> WithTimeoutAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        both.CancelAfter(_timeout);
        try
        {
            return await call(both.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no data arrived for {_timeout.TotalSeconds:0.#} s", e);
        }
        catch (IOException e)
        {
            // Of the connection: files are not read or written in here.
            throw new HttpRequestException(e.Message, e);
        }
    }

    private static long Here(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static async Task<bool> IsValidAsync(string path, PublicFile file, CancellationToken cancellationToken) =>
        Here(path) == file.Length && await Sha256Async(path, cancellationToken) == file.Sha256;

    private static async Task<string> Sha256Async(string path, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }
}
