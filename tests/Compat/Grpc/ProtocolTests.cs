using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using VaeCluster.Compat.Grpc.Hosting;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc;

/// <summary>What the server says to requests that no proper client sends.</summary>
public sealed class ProtocolTests
{
    private const string Echo = "/probe.Probe/Echo";

    private static readonly byte[] Message = new EchoRequest { Text = "hello" }.ToByteArray();

    public static TheoryData<byte[], string, string> MalformedBodies => new()
    {
        { [], "13", "Incomplete message." },
        { [0, 0], "13", "Incomplete message." },
        { RawCall.Frame(Message, length: Message.Length + 1), "13", "Incomplete message." },
        { [.. RawCall.Frame(Message), 0], "13", "Additional data after the message received." },
        { [.. RawCall.Frame(Message), .. RawCall.Frame(Message)], "13", "Additional data after the message received." },
        // As the real server: what the parser throws is the handler's.
        { RawCall.Frame(Message, flag: 2), "2", "Exception was thrown by handler." },
        { RawCall.Frame([0xff, 0xff]), "2", "Exception was thrown by handler." },
        { RawCall.Frame(Message, length: -1), "2", "Exception was thrown by handler." },
    };

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public async Task Post_OfMalformedBody_IsRefused(byte[] body, string status, string detail)
    {
        await using var server = await ProbeServer.StartAsync();

        var answer = await RawCall.PostAsync(server.Address, Echo, body);

        Assert.Equal((HttpStatusCode.OK, status, detail), (answer.Status, answer.GrpcStatus, answer.GrpcMessage));
    }

    [Theory]
    [InlineData(null, "13", "Request did not include grpc-encoding value with compressed message.")]
    [InlineData("identity", "13", "Request sent 'identity' grpc-encoding value with compressed message.")]
    [InlineData("gzip", "12", "Unsupported grpc-encoding value 'gzip'. Supported encodings: identity")]
    public async Task Post_OfCompressedMessage_IsRefused(string? encoding, string status, string detail)
    {
        await using var server = await ProbeServer.StartAsync();

        var answer = await RawCall.PostAsync(server.Address, Echo, RawCall.Frame(Message, flag: 1), headers: encoding is null ? [] : [("grpc-encoding", encoding)]);

        Assert.Equal((status, detail), (answer.GrpcStatus, answer.GrpcMessage));
        Assert.Equal("identity", answer.Headers.GetValues("grpc-accept-encoding").Single());
    }

    [Fact]
    public async Task Post_OfPlainMessageWithEncodingHeader_Passes()
    {
        await using var server = await ProbeServer.StartAsync();

        var answer = await RawCall.PostAsync(server.Address, Echo, RawCall.Frame(Message), headers: ("grpc-encoding", "gzip"));

        Assert.Equal("0", answer.GrpcStatus);
    }

    [Theory]
    [InlineData(null, "Content-Type is missing from the request.")]
    [InlineData("application/json", "Content-Type 'application/json' is not supported.")]
    [InlineData("application/grpcx", "Content-Type 'application/grpcx' is not supported.")]
    public async Task Post_OfOtherContentType_IsUnsupported(string? contentType, string detail)
    {
        await using var server = await ProbeServer.StartAsync();

        var answer = await RawCall.PostAsync(server.Address, Echo, RawCall.Frame(Message), contentType);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "13", detail), (answer.Status, answer.GrpcStatus, answer.GrpcMessage));
    }

    [Fact]
    public async Task Post_OfContentTypeVariant_Passes()
    {
        await using var server = await ProbeServer.StartAsync();

        var answer = await RawCall.PostAsync(server.Address, Echo, RawCall.Frame(Message), "application/grpc+proto");

        Assert.Equal("0", answer.GrpcStatus);
    }

    [Fact]
    public async Task Post_OverHttp1_IsRefused()
    {
        await using var server = await ProbeServer.StartAsync(listen: options => options.Protocols = HttpProtocols.Http1);

        var answer = await RawCall.PostAsync(server.Address, Echo, RawCall.Frame(Message), version: HttpVersion.Version11);

        Assert.Equal((HttpStatusCode.UpgradeRequired, "13", "Request protocol 'HTTP/1.1' is not supported."), (answer.Status, answer.GrpcStatus, answer.GrpcMessage));
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100% é\r\n", "100%25 %C3%A9%0D%0A")]
    [InlineData("~\x7f", "~%7F")]
    public void Encode_OfStatusText_IsPercentEncoded(string text, string expected)
    {
        Assert.Equal(expected, StatusText.Encode(text));
        Assert.Equal(text, StatusText.Decode(expected));
    }

    [Fact]
    public void Add_OfBinaryHeader_TakesUnpaddedAndJoinedValues()
    {
        var metadata = new Metadata();

        metadata.AddHeader("a-bin", "AQI");
        metadata.AddHeader("b-bin", "AQ==, Ag");

        Assert.Equal([1, 2], metadata.GetValueBytes("a-bin"));
        Assert.Equal([1, 2], metadata.GetAll("b-bin").SelectMany(e => e.ValueBytes));
        Assert.Contains("is not base64", Assert.Throws<FormatException>(() => metadata.AddHeader("c-bin", "!")).Message, StringComparison.Ordinal);
    }
}
