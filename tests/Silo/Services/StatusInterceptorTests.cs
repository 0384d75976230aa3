using Grpc.Core;
using Microsoft.Extensions.Logging;
using VaeCluster.Contracts;
using VaeCluster.Silo.Services;
using VaeCluster.Training.Inference;

namespace VaeCluster.Silo.Tests.Services;

public sealed class StatusInterceptorTests
{
    private readonly ErrorLog _log = new();

    public static TheoryData<Exception, StatusCode> Translations { get; } = new()
    {
        { new KeyNotFoundException("said"), StatusCode.NotFound },
        { new FileNotFoundException("said"), StatusCode.NotFound },
        { new DirectoryNotFoundException("said"), StatusCode.NotFound },
        { new ArgumentException("said"), StatusCode.InvalidArgument },
        { new ArgumentException("said", "runId"), StatusCode.InvalidArgument },
        { new InvalidOperationException("said"), StatusCode.FailedPrecondition },
        { new OperationCanceledException("said"), StatusCode.Cancelled },
        { new TimeoutException("said"), StatusCode.Unavailable },
        { new OrleansException("said"), StatusCode.Unavailable },
        { new InvalidDataException("said"), StatusCode.DataLoss },
        { new InferenceBusyException("said"), StatusCode.ResourceExhausted },
        { new LimitException("said"), StatusCode.ResourceExhausted },
        { new NotSupportedException("said"), StatusCode.Internal },
    };

    [Theory]
    [MemberData(nameof(Translations), DisableDiscoveryEnumeration = true)]
    public async Task UnaryCall_ThatThrows_EndsWithTheStatusOfThatException_AndItsSentence(Exception thrown, StatusCode expected)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => new StatusInterceptor(_log).UnaryServerHandler<string, string>("", new FakeCallContext(), (_, _) => throw thrown));

        Assert.Equal((expected, "said"), (refused.StatusCode, refused.Status.Detail));
        Assert.Equal(expected == StatusCode.Internal ? [thrown] : [], _log.Errors);
    }

    [Fact]
    public async Task StreamingCall_ThatThrows_EndsWithTheStatusOfThatException()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => new StatusInterceptor(_log).ServerStreamingServerHandler<string, string>(
            "", null!, new FakeCallContext(), (_, _, _) => throw new TimeoutException("late")));

        Assert.Equal((StatusCode.Unavailable, "late"), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task Call_WithALongSentence_IsShortened_BecauseItTravelsInAHeader()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => new StatusInterceptor(_log).UnaryServerHandler<string, string>(
            "", new FakeCallContext(), (_, _) => throw new ArgumentException(new string('x', 100_000))));

        Assert.Equal($"{new string('x', 4096)}... (100000 characters)", refused.Status.Detail);
    }

    [Fact]
    public async Task Call_ThatNamesItsStatus_KeepsIt()
    {
        var thrown = new RpcException(new Status(StatusCode.Aborted, "own"));

        var refused = await Assert.ThrowsAsync<RpcException>(() => new StatusInterceptor(_log).UnaryServerHandler<string, string>("", new FakeCallContext(), (_, _) => throw thrown));

        Assert.Same(thrown, refused);
    }

    [Fact]
    public async Task Call_ThatEndsWell_IsLeftAlone() =>
        Assert.Equal("answer", await new StatusInterceptor(_log).UnaryServerHandler<string, string>("", new FakeCallContext(), (_, _) => Task.FromResult("answer")));

    private sealed class ErrorLog : ILogger<StatusInterceptor>
    {
        public List<Exception> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Errors.Add(exception!);
    }

    private sealed class FakeCallContext : ServerCallContext
    {
        protected override string MethodCore => "/service/method";

        protected override string HostCore => "host";

        protected override string PeerCore => "peer";

        protected override DateTime DeadlineCore => DateTime.MaxValue;

        protected override Metadata RequestHeadersCore { get; } = [];

        protected override CancellationToken CancellationTokenCore => CancellationToken.None;

        protected override Metadata ResponseTrailersCore { get; } = [];

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore => new("", []);

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException("Nobody propagates here.");
    }
}
