using System.Diagnostics;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using VaeCluster.Contracts.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using static VaeCluster.Silo.Tests.Services.RunsServiceTests;

namespace VaeCluster.Silo.Tests.Health;

public sealed class HealthTests : IAsyncLifetime
{
    private readonly SiloFixture _silo = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _silo.InitializeAsync();

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task Check_OfEachService_Serves_AndOfAnotherIsNotFound()
    {
        foreach (var service in new[] { "", "vaecluster.v1.Runs", "vaecluster.v1.Devices", "vaecluster.v1.Artifacts", "vaecluster.v1.Models", "vaecluster.v1.Cluster" })
            Assert.Equal(ServingStatus.Serving, (await _silo.GrpcHealth.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: Token)).Status);

        var refused = await RefusedAsync(_silo.GrpcHealth.CheckAsync(new HealthCheckRequest { Service = "nope" }, cancellationToken: Token));

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Watch_OfAnotherService_ReportsThatItIsUnknown()
    {
        using var watch = _silo.GrpcHealth.Watch(new HealthCheckRequest { Service = "nope" }, cancellationToken: Token);

        Assert.True(await watch.ResponseStream.MoveNext(Token));
        Assert.Equal(ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status);
    }

    [Fact]
    public async Task Stop_EndsEveryStreamAtOnce_AndSendsWatchersToAnother()
    {
        var run = await _silo.SubmitAsync();
        using var health = _silo.GrpcHealth.Watch(new HealthCheckRequest(), cancellationToken: Token);
        using var watch = _silo.Runs.Watch(new GetRunRequest { RunId = run.RunId }, cancellationToken: Token);
        using var logs = _silo.Runs.Logs(new LogsRequest { RunId = run.RunId, Follow = true }, cancellationToken: Token);
        Assert.True(await health.ResponseStream.MoveNext(Token));
        Assert.True(await watch.ResponseStream.MoveNext(Token));
        var clock = Stopwatch.StartNew();

        var stopping = _silo.StopAsync();
        var refused = await LastAsync(watch.ResponseStream);
        var refusedLogs = await RefusedAsync(logs.ResponseStream);
        var states = await health.ResponseStream.ReadAllAsync(Token).Select(response => response.Status).ToListAsync(Token);
        await stopping;

        Assert.Equal((StatusCode.Unavailable, "This silo is stopping. Run it again, or use another silo."), (refused.StatusCode, refused.Detail));
        Assert.Equal(StatusCode.Unavailable, refusedLogs.StatusCode);
        Assert.Equal([ServingStatus.NotServing], states);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(8), $"The silo took {clock.Elapsed} to stop.");
    }

    [Fact]
    public async Task Probes_OfASiloThatServes_AreHealthy_AndItReportsItsVersion()
    {
        var version = await _silo.Cluster.VersionAsync(new VersionRequest(), cancellationToken: Token);

        Assert.Equal("Healthy\n", await _silo.Http.GetStringAsync(new Uri("/healthz", UriKind.Relative), Token));
        Assert.Equal(
            "Healthy\nsilo: Healthy, active in the cluster\ndevices: Healthy, announced to the cluster\n",
            await _silo.Http.GetStringAsync(new Uri("/readyz", UriKind.Relative), Token));
        Assert.Equal(("tested", "tests", ProductVersion.Text), (version.Silo, version.ClusterId, version.Version));
        Assert.Empty((await _silo.Devices.ListAsync(new ListDevicesRequest(), cancellationToken: Token)).Devices);
    }

    [Fact]
    public async Task Checks_BeforeTheSiloHasJoined_AreUnhealthy_AndSayWhy()
    {
        await using var unstarted = new SiloFixture();

        var report = await unstarted.Health.CheckHealthAsync(Token);

        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Equal(
            [("silo", HealthStatus.Unhealthy, "Created in the membership; it must be Active"), ("devices", HealthStatus.Unhealthy, "not announced to the cluster; the log gives the reason")],
            report.Entries.Select(entry => (entry.Key, entry.Value.Status, entry.Value.Description)));
    }

    /// <summary>The status that a stream ends with, after whatever it still had to say.</summary>
    private static async Task<Status> LastAsync(IAsyncStreamReader<Run> stream) => (await Assert.ThrowsAsync<RpcException>(async () =>
    {
        await foreach (var _ in stream.ReadAllAsync(Token))
            continue;
    })).Status;
}
