using VaeCluster.Compat.Grpc.Hosting;

namespace VaeCluster.Compat.Grpc.Interop;

/// <summary>Our server, called by grpc-js.</summary>
public sealed class ForeignClientTests(NodeFixture node)
{
    [Fact]
    public async Task Server_CalledByGrpcJs_AnswersAsItExpects()
    {
        await using var server = await ProbeServer.StartAsync();
        using var client = node.Start("client.mjs", server.Address["http://".Length..]);
        client.StandardInput.Close();

        var output = await Task.WhenAll(
            client.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            client.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal("", output[1]);
        Assert.Equal(
            """
            echo: é日😀 300000
            trailers: steps=12 digest-bin=0x0102fe
            headers: first=yes blob-bin=0x0700
            status: "9 Run 'é%\n' cannot start: 日本 😀." reason=not-ready state-bin=0x00ff0a
            throws: 2 Exception was thrown by handler.
            stream: message 0,message 1,message 2
            stream that fails: "message 0,message 1 9 Run 'é%\n' cannot start: 日本 😀."
            sum: 100 100000
            chat: 5 turns, status 0
            deadline: 4
            cancel: 1 Cancelled on client
            unknown service: 12 Service is unimplemented.
            too large: 8 Received message exceeds the maximum configured message size.
            gzip: 12 Unsupported grpc-encoding value 'gzip'. Supported encodings: identity

            """,
            output[0]);
        await server.Log.ReachedAsync("cancelled");
    }
}
