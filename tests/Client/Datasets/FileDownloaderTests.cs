using System.Security.Cryptography;
using VaeCluster.Client.Datasets;

namespace VaeCluster.Client.Tests.Datasets;

public sealed class FileDownloaderTests : IAsyncLifetime
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(300_000);
    private static readonly PublicFile Wanted = new("images.gz", Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)));
    private readonly string _folder = Directory.CreateTempSubdirectory("vaecluster-fetch-").FullName;
    private readonly List<long> _progress = [];
    private FileServer _server = null!;
    private long _arrived;

    private string Target => Path.Combine(_folder, "images.gz");

    private string Partial => Target + ".partial";

    public async ValueTask InitializeAsync()
    {
        _server = await FileServer.StartAsync(Content);
        _server.Arrived = () => Interlocked.Read(ref _arrived);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Fetch_OfAFile_PutsItInPlace()
    {
        Assert.Equal(DownloadOutcome.Fetched, await FetchAsync());

        Assert.Equal(Content, await File.ReadAllBytesAsync(Target, Token));
        Assert.False(File.Exists(Partial));
        Assert.Equal([""], _server.Asked);
        Assert.Equal(Content.Length, _progress[^1]);
    }

    [Fact]
    public async Task Fetch_OfAFileThatIsThere_AsksNobody()
    {
        await File.WriteAllBytesAsync(Target, Content, Token);

        Assert.Equal(DownloadOutcome.Present, await FetchAsync());

        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task Fetch_WhereAnotherFileIs_LeavesItAlone()
    {
        await File.WriteAllBytesAsync(Target, [1, 2], Token);

        var e = await Assert.ThrowsAsync<DownloadException>(() => FetchAsync());

        Assert.Equal($"{Target} exists and is another file: its SHA-256 is not {Wanted.Sha256}. Remove it, or choose another folder with --to.", e.Message);
        Assert.Equal([1, 2], await File.ReadAllBytesAsync(Target, Token));
    }

    [Fact]
    public async Task Fetch_OfARest_AsksForItAlone()
    {
        await File.WriteAllBytesAsync(Partial, Content[..100_000], Token);

        Assert.Equal(DownloadOutcome.Resumed, await FetchAsync());

        Assert.Equal(Content, await File.ReadAllBytesAsync(Target, Token));
        Assert.Equal(["bytes=100000-"], _server.Asked);
    }

    [Fact]
    public async Task Fetch_OfARest_FromAServerWithoutRanges_StartsOver()
    {
        await File.WriteAllBytesAsync(Partial, Content[..100_000], Token);
        _server.KnowsRanges = false;

        await FetchAsync();

        Assert.Equal(Content, await File.ReadAllBytesAsync(Target, Token));
    }

    [Fact]
    public async Task Fetch_OverAConnectionThatBreaks_GoesOnWhereItWas()
    {
        _server.Breaks.Enqueue(100_000);
        _server.Breaks.Enqueue(50_000);

        Assert.Equal(DownloadOutcome.Fetched, await FetchAsync());

        Assert.Equal(Content, await File.ReadAllBytesAsync(Target, Token));
        Assert.Equal(["", "bytes=100000-", "bytes=150000-"], _server.Asked);
    }

    [Fact]
    public async Task Fetch_OverAConnectionThatAlwaysBreaks_GivesUp_AndKeepsWhatArrived()
    {
        for (var i = 0; i < 20; i++)
            _server.Breaks.Enqueue(10_000);

        var e = await Assert.ThrowsAsync<DownloadException>(() => FetchAsync());

        Assert.StartsWith($"{_server.Address}images.gz broke off after 50000 of 300000 bytes: ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Run the command again to continue the download, or name another address with --mirror.", e.Message, StringComparison.Ordinal);
        Assert.Equal(5, _server.Asked.Count);
        Assert.Equal(Content[..(int)new FileInfo(Partial).Length], await File.ReadAllBytesAsync(Partial, Token));
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task Fetch_FromAServerThatFallsSilent_DoesNotWaitForEver()
    {
        _server.FallsSilent = true;
        _server.Breaks.Enqueue(0);

        var e = await Assert.ThrowsAsync<DownloadException>(() => FetchAsync(TimeSpan.FromSeconds(0.5)));

        Assert.StartsWith($"{_server.Address}images.gz broke off after 0 of 300000 bytes: no data arrived for ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_OfAnotherFile_SaysBothHashes_AndKeepsNothing()
    {
        _server.Content = [1, 2, .. Content[2..]];

        var e = await Assert.ThrowsAsync<DownloadException>(() => FetchAsync());

        var found = Convert.ToHexStringLower(SHA256.HashData(_server.Content));
        Assert.StartsWith($"{_server.Address}images.gz sent another file: 300000 bytes with SHA-256 {found}; expected are 300000 bytes with SHA-256 {Wanted.Sha256}.", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Fetch_OfALongerFile_StopsReading()
    {
        _server.Content = new byte[10_000_000];

        var e = await Assert.ThrowsAsync<DownloadException>(() => FetchAsync());

        Assert.Contains("sent another file: ", e.Message, StringComparison.Ordinal);
        Assert.InRange(_progress[^1], Content.Length, Content.Length + 200_000);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(300_000)]
    [InlineData(400_000)]
    public async Task Fetch_OntoADamagedRest_StartsOverOnce(int length)
    {
        await File.WriteAllBytesAsync(Partial, new byte[length], Token);

        await FetchAsync();

        Assert.Equal(Content, await File.ReadAllBytesAsync(Target, Token));
    }

    [Fact]
    public async Task Fetch_OfWhatIsNotThere_TriesTheNextAddress()
    {
        await using var other = await FileServer.StartAsync(Content);
        _server.Status = 404;

        using var downloader = new FileDownloader();
        await downloader.FetchAsync(Wanted, [_server.Address, other.Address], _folder, new Progress(this), Token);

        Assert.Equal(Content, await File.ReadAllBytesAsync(Target, Token));
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task Command_WhereNothingIs_ExitsWith1_AndNamesTheAddress()
    {
        _server.Status = 404;

        var result = await CommandAsync("--mirror", _server.Address.ToString());

        Assert.Equal((ExitCode.Failure, ""), (result.ExitCode, result.Output));
        Assert.Equal($"vaectl: {_server.Address}train-images-idx3-ubyte.gz answers 404 (Not Found). Run the command again to continue the download, or name another address with --mirror.\n", result.Error);
    }

    [Fact]
    public async Task Command_WhereNobodyAnswers_ExitsWith1()
    {
        var result = await CommandAsync("--mirror", "http://127.0.0.1:1/");

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.StartsWith("vaectl: http://127.0.0.1:1/train-images-idx3-ubyte.gz broke off after 0 of 9912422 bytes: Connection refused", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_WithAMirrorThatIsNoAddress_ExitsWith2()
    {
        var result = await CommandAsync("--mirror", "here");

        Assert.Equal((ExitCode.Usage, "vaectl: --mirror is 'here'; it must be an address such as http://mirror.example/mnist.\n"), (result.ExitCode, result.Error));
    }

    private Task<Fakes.VaectlResult> CommandAsync(params string[] options) =>
        Fakes.VaectlResult.OfAsync(["data", "fetch", "mnist", "--to", _folder, .. options]);

    private async Task<DownloadOutcome> FetchAsync(TimeSpan? timeout = null)
    {
        using var downloader = new FileDownloader(timeout);
        return await downloader.FetchAsync(Wanted, [_server.Address], _folder, new Progress(this), Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private sealed class Progress(FileDownloaderTests test) : IProgress<long>
    {
        public void Report(long value)
        {
            test._progress.Add(value);
            Interlocked.Exchange(ref test._arrived, value);
        }
    }
}
