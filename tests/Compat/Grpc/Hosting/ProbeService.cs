using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc.Hosting;

/// <summary>Does what a request's action says; a space parts its words.</summary>
internal sealed class ProbeService(ProbeLog log) : Probe.ProbeBase
{
    public override async Task<EchoReply> Echo(EchoRequest request, ServerCallContext context)
    {
        await ActAsync(request.Action, context);
        return request.Action == "null" ? null! : new EchoReply { Text = request.Text, Payload = Payload(request) };
    }

    public override async Task Count(CountRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        if (request.Action == "first")
            await ActAsync("headers", context);
        for (var i = 0; i < request.Count; i++)
            await responseStream.WriteAsync(new EchoReply { Text = $"message {i}", Index = i }, context.CancellationToken);
        await ActAsync(request.Action, context);
    }

    public override async Task<SumReply> Sum(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context)
    {
        var reply = new SumReply();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            reply.Messages++;
            reply.Bytes += requestStream.Current.Payload.Length;
            await ActAsync(requestStream.Current.Action, context);
        }

        return reply;
    }

    public override async Task Chat(IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        log.Reach("chat");
        var index = 0;
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            await ActAsync(requestStream.Current.Action, context);
            await responseStream.WriteAsync(new EchoReply { Text = requestStream.Current.Text, Payload = requestStream.Current.Payload, Index = index++ });
        }
    }

    private static ByteString Payload(EchoRequest request) =>
        request.Action.StartsWith("size ", StringComparison.Ordinal)
            ? ByteString.CopyFrom(new byte[int.Parse(request.Action.AsSpan(5), CultureInfo.InvariantCulture)])
            : request.Payload;

    private async Task ActAsync(string action, ServerCallContext context)
    {
        switch (action.Split(' ')[0])
        {
            case "throw":
                throw new InvalidOperationException("the handler's secret", new FormatException("and its cause"));
            case "status":
                throw new RpcException(
                    new Status(StatusCode.FailedPrecondition, "Run 'é%\n' cannot start: 日本 😀."),
                    new Metadata { { "reason", "not-ready" }, { "state-bin", new byte[] { 0, 255, 10 } } });
            case "set":
                context.Status = new Status(StatusCode.NotFound, "set, not thrown");
                context.ResponseTrailers.Add("hint", "look elsewhere");
                break;
            case "trailers":
                context.ResponseTrailers.Add("steps", "12");
                context.ResponseTrailers.Add("digest-bin", [1, 2, 254]);
                break;
            case "headers":
                await context.WriteResponseHeadersAsync(new Metadata { { "first", "yes" }, { "blob-bin", new byte[] { 7, 0 } } });
                break;
            case "wait":
                await WaitAsync(context);
                break;
            default:
                break;
        }
    }

    private async Task WaitAsync(ServerCallContext context)
    {
        log.Reach("waiting");
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        finally
        {
            log.Reach("cancelled");
        }
    }
}
