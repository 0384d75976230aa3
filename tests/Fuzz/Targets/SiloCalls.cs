using CsCheck;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Makes calls of a silo's API: specs in most of them, and in the others any method with fields of any value.</summary>
internal static class SiloCalls
{
    private const int NestingMax = 3;

    private static readonly TimeSpan StreamTime = TimeSpan.FromMilliseconds(50);

    /// <summary>So that a valid spec draws few shapes; later overrides win.</summary>
    private static readonly string[] SmallData = ["data.count=100", "data.test=10"];

    private static readonly string[] Texts =
    [
        "", "fuzzed-1", "nope-1", "../..", "/etc/passwd", "a b", "\0", "\u001b[2J", "fuzzed-1@0", "fuzzed-1@-1", "@", "99999999999999999999", new string('x', 5000), "é",
    ];

    private static readonly MethodDescriptor[] Methods =
    [
        .. VaeclusterReflection.Descriptor.Services.SelectMany(service => service.Methods)
            // Submit makes runs, which would grow without end; the spec's calls below go the same way.
            .Where(method => method.Name is not "Submit"),
    ];

    /// <summary>A call to be made.</summary>
    /// <param name="random">Chooses.</param>
    /// <param name="silo">Is called.</param>
    /// <param name="isMessage">Whether the request is a message of its type: what is none is refused by the library, with Unknown.</param>
    public static Func<CallOptions, Task> Make(PCG random, FuzzedSilo silo, out bool isMessage)
    {
        isMessage = true;
        if (random.Below(2) == 0)
        {
            var (text, overrides) = SpecTexts.Split(SpecTexts.Make(random));
            var request = new ValidateRequest { Spec = Visible(text), Overrides = { SmallData, overrides.Select(Visible) } };
            return options => silo.Runs.ValidateAsync(request, options).ResponseAsync;
        }
        var method = random.Of(Methods);
        var message = MakeMessage(random, method.InputType, 0).ToByteArray();
        isMessage = random.Below(10) > 0;
        var sent = isMessage ? message : random.Mutate(message);
        return options => CallAsync(silo, method, sent, options);
    }

    /// <summary>A text that protobuf carries: half a surrogate pair is none.</summary>
    private static string Visible(string text) => string.Concat(text.EnumerateRunes());

    private static async Task CallAsync(FuzzedSilo silo, MethodDescriptor method, byte[] message, CallOptions options)
    {
        var bytes = Marshallers.Create(content => content, content => content);
        var type = method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
        var described = new Method<byte[], byte[]>(type, method.Service.FullName, method.Name, bytes, bytes);
        var invoker = silo.Channel.CreateCallInvoker();
        if (!method.IsServerStreaming)
        {
            await invoker.AsyncUnaryCall(described, null, options, message).ResponseAsync;
            return;
        }
        // The first message is enough, and logs that are followed may have none: the silo must let go of a stream whose caller leaves.
        using var call = invoker.AsyncServerStreamingCall(described, null, options, message);
        using var leaves = new CancellationTokenSource(StreamTime);
        try
        {
            await call.ResponseStream.MoveNext(leaves.Token);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && leaves.IsCancellationRequested)
        {
            // It was open, which is an answer.
        }
    }

    private static IMessage MakeMessage(PCG random, MessageDescriptor type, int nesting)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InDeclarationOrder().Where(_ => random.Below(4) > 0))
        {
            if (field.IsRepeated && field.Accessor.GetValue(message) is System.Collections.IList list)
            {
                for (var count = random.Below(4); count > 0; count--)
                    list.Add(ValueOf(random, field, nesting));
            }
            else if (!field.IsRepeated && ValueOf(random, field, nesting) is { } value)
            {
                field.Accessor.SetValue(message, value);
            }
        }
        return message;
    }

    private static object? ValueOf(PCG random, FieldDescriptor field, int nesting) => field.FieldType switch
    {
        FieldType.String => random.Of(Texts),
        FieldType.Bool => random.Below(2) == 0,
        FieldType.Int32 => random.Of<int>([0, 1, -1, 2, 64, 65, 100_000, int.MaxValue, int.MinValue]),
        FieldType.Int64 => random.Of<long>([0L, 1, -1, 2, long.MaxValue, long.MinValue]),
        FieldType.UInt64 => random.Of<ulong>([0UL, 1, ulong.MaxValue]),
        FieldType.Double => random.Of<double>([0.0, 1, -1, double.NaN, double.PositiveInfinity, 1e308, 1e-308]),
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, random.Of<int>([0, 1, 2, 99, -1])),
        FieldType.Bytes => ByteString.CopyFrom(random.Bytes(20)),
        FieldType.Message when nesting < NestingMax => MakeMessage(random, field.MessageType, nesting + 1),
        _ => null,
    };
}
