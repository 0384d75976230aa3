using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VaeCluster.Compat.Grpc.Hosting;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc;

/// <summary>Ways to reach a server.</summary>
public sealed class ChannelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_OverTls_Passes()
    {
        using var certificate = SelfSigned();
        await using var server = await ProbeServer.StartAsync(listen: options =>
        {
            options.Protocols = HttpProtocols.Http1AndHttp2;
            options.UseHttps(certificate);
        });
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, found, _, _) => found!.GetCertHashString() == certificate.GetCertHashString() } };
        var client = server.Client(new GrpcChannelOptions { HttpHandler = handler, Credentials = ChannelCredentials.SecureSsl });

        Assert.StartsWith("https://", server.Address, StringComparison.Ordinal);
        Assert.Equal("safe", (await client.EchoAsync(new EchoRequest { Text = "safe" }, cancellationToken: Token)).Text);
    }

    [Fact]
    public async Task Call_OverTlsThatIsNotTrusted_Fails()
    {
        using var certificate = SelfSigned();
        await using var server = await ProbeServer.StartAsync(listen: options => options.UseHttps(certificate));

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().EchoAsync(new EchoRequest(), cancellationToken: Token));

        Assert.Contains("AuthenticationException", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_OverUnixSocket_Passes()
    {
        var path = Path.Combine(Path.GetTempPath(), $"probe-{Guid.NewGuid():N}.sock");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton<ProbeLog>().AddGrpc();
        await using var app = builder.Build();
        app.MapGrpcService<ProbeService>();
        await app.StartAsync(Token);
        using var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = UnixHandler(path), DisposeHttpClient = true });

        var reply = await new Probe.ProbeClient(channel).EchoAsync(new EchoRequest { Text = "near" }, cancellationToken: Token);

        Assert.Equal("near", reply.Text);
    }

    [Fact]
    public async Task Call_ThroughHttpClient_Passes()
    {
        await using var server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        var client = server.Client(new GrpcChannelOptions { HttpClient = http });

        using var call = client.Count(new CountRequest { Count = 2 }, cancellationToken: Token);

        Assert.Equal(2, await call.ResponseStream.ReadAllAsync(Token).CountAsync(Token));
    }

    [Fact]
    public void Dispose_OfChannel_LeavesTheCallersHandler()
    {
        using var handler = new Watched();
        GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler }).Dispose();
        Assert.False(handler.IsDisposed);

        GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true }).Dispose();
        Assert.True(handler.IsDisposed);
    }

    [Fact]
    public void ForAddress_OfBadInput_SaysWhy()
    {
        Assert.StartsWith("No address resolver configured for the scheme 'dns'", Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress("dns:///silo")).Message, StringComparison.Ordinal);
        Assert.Throws<UriFormatException>(() => GrpcChannel.ForAddress("silo"));
        Assert.Equal(
            "Channel is configured with secure channel credentials and can't use a HttpClient with a 'http' scheme.",
            Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress("http://silo", new GrpcChannelOptions { Credentials = ChannelCredentials.SecureSsl })).Message);
        using var http = new HttpClient();
        using var handler = new SocketsHttpHandler();
        Assert.Contains(
            "Only one HTTP caller can be specified.",
            Assert.Throws<ArgumentException>(() => GrpcChannel.ForAddress("http://silo", new GrpcChannelOptions { HttpClient = http, HttpHandler = handler })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Map_WithoutAddGrpc_SaysWhy()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        Assert.StartsWith("Unable to find the required services.", Assert.Throws<InvalidOperationException>(app.MapGrpcService<ProbeService>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_WithoutChannel_SaysSo() => Assert.Equal(
        "The client was made without a channel and does not override /probe.Probe/Echo.",
        (await Assert.ThrowsAsync<NotImplementedException>(async () => await new Mock().EchoAsync(new EchoRequest(), cancellationToken: Token))).Message);

    [Fact]
    public async Task Map_WithConvention_AppliesItToTheMethods()
    {
        // Without it two services of one name would be ambiguous.
        await using var server = await ProbeServer.StartAsync(map: app => app.MapGrpcService<Other>().RequireHost("never.example"));

        var answer = await RawCall.PostAsync(server.Address, "/probe.Probe/Sum", RawCall.Frame([]));

        Assert.Equal("0", answer.GrpcStatus);
    }

    private static SocketsHttpHandler UnixHandler(string path) => new()
    {
        ConnectCallback = async (_, token) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);
    }

    private sealed class Mock : Probe.ProbeClient;

    private sealed class Other : Probe.ProbeBase;

    private sealed class Watched : HttpMessageHandler
    {
        public bool IsDisposed { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
