using Grpc.Core;
using VaeCluster.Contracts.V1;
using VaeCluster.Silo.Services;
using VaeCluster.Tests.Support;

namespace VaeCluster.Silo.Tests.Services;

/// <summary>Calls that got, held or cost more than they should, before they were bounded.</summary>
public sealed class HostileCallTests(SiloFixture silo) : IClassFixture<SiloFixture>, IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/etc/shadow")]
    [InlineData("/etc/passwd")]
    [InlineData("/proc/self/environ")]
    [InlineData("/proc/self/fd/1")]
    [InlineData("/nothing/at/all")]
    public async Task Submit_OfAPathThatIsNoData_QuotesNothingOfIt(string path)
    {
        foreach (var source in new[] { "idx", "npy", "images" })
        {
            var refused = await RefusedAsync($"data.source={source}", $"data.path={path}");

            Assert.Equal(
                (StatusCode.InvalidArgument, $"{path} is outside of the folders that this silo reads data from ({Path.GetTempPath().TrimEnd('/')}), or a link that leads out of them. Put the data there, or start the silos with a --data-roots that has their folder."),
                (refused.StatusCode, refused.Detail));
        }
    }

    [Fact]
    public async Task Submit_OfAPipe_IsRefusedAtOnce()
    {
        var path = SpecialFiles.Pipe(Path.Combine(_folder.Path, "pipe"));

        foreach (var source in new[] { "idx", "npy", "images" })
            Assert.StartsWith($"{path} is a named pipe;", (await RefusedAsync($"data.source={source}", $"data.path={path}")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_WithThousandsOfOverrides_IsRefusedAtOnce()
    {
        var refused = await RefusedAsync([.. Enumerable.Range(0, 20_000).Select(i => $"training.epochs={i}")]);

        Assert.StartsWith("There are 20000 overrides; at most 200 are read.", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_OfARequestThatIsTooLong_IsRefused()
    {
        var refused = await RefusedAsync(new string('x', ApiLimits.RequestBytesMax + 1));

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
    }

    [Theory]
    [InlineData(-1, "", "page_size is -1; it must be between 0 and 200. Read the other runs with next_page_token.")]
    [InlineData(201, "", "page_size is 201; it must be between 0 and 200. Read the other runs with next_page_token.")]
    [InlineData(0, "x", "page_token is none that a list returned. Leave it out for the first page.")]
    public async Task List_OfAPageThatCannotBe_IsInvalid(int size, string token, string message)
    {
        var request = new ListRunsRequest { PageSize = size, PageToken = token };

        var refused = await Assert.ThrowsAsync<RpcException>(() => silo.Runs.ListAsync(request, cancellationToken: Token).ResponseAsync);

        Assert.Equal((StatusCode.InvalidArgument, message), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task List_ByPages_GivesEveryRunOnce_OldestFirst()
    {
        var submitted = new List<string>();
        for (var i = 0; i < 5; i++)
            submitted.Add((await silo.SubmitAsync("paged")).RunId);
        var (listed, request) = (new List<string>(), new ListRunsRequest { PageSize = 2 });
        do
        {
            var page = await silo.Runs.ListAsync(request, cancellationToken: Token);
            Assert.InRange(page.Runs.Count, 0, 2);
            listed.AddRange(page.Runs.Select(run => run.RunId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(submitted, listed.Where(run => run.StartsWith("paged-", StringComparison.Ordinal)));
        Assert.Equal(listed.Distinct(), listed);
    }

    private async Task<Status> RefusedAsync(params string[] overrides)
    {
        var call = silo.Runs.SubmitAsync(new SubmitRequest { Spec = "name: bad", Overrides = { overrides } }, cancellationToken: Token);
        return (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Soon, Token))).Status;
    }
}
