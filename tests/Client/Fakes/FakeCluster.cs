using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VaeCluster.Client.Tests.Fakes;

/// <summary>A server of the API on a loopback port, whose answers a test sets.</summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeCluster(WebApplication app, FakeAnswers answers)
    {
        (_app, Answers) = (app, answers);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public Uri Address { get; }

    public FakeAnswers Answers { get; }

    /// <param name="port">0 for a free one.</param>
    public static async Task<FakeCluster> StartAsync(int port = 0)
    {
        var answers = new FakeAnswers();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        // It goes away at once, as a silo does that dies: what streams still run are cut.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(answers);
        var app = builder.Build();
        app.MapGrpcService<FakeRuns>();
        app.MapGrpcService<FakeDevices>();
        app.MapGrpcService<FakeArtifacts>();
        app.MapGrpcService<FakeModels>();
        app.MapGrpcService<FakeVersion>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new FakeCluster(app, answers);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>Runs <c>vaectl</c> against this cluster.</summary>
    public Task<VaectlResult> RunAsync(params string[] args) => VaectlResult.OfAsync([.. args, "--server", Address.ToString()]);
}
