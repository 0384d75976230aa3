using Grpc.Core;
using Grpc.Net.Client.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grpc.Net.Client;

public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<IDisposable> _calls = [];
    private readonly bool _ownsHttp;
    private bool _isDisposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        AddressRules.Check(address, options);
        Address = address;
        MaxSendMessageSize = options.MaxSendMessageSize;
        MaxReceiveMessageSize = options.MaxReceiveMessageSize;
        ThrowOperationCanceledOnCancellation = options.ThrowOperationCanceledOnCancellation;
        Logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Grpc.Net.Client.Internal.GrpcCall");
        _ownsHttp = options.DisposeHttpClient || (options.HttpClient is null && options.HttpHandler is null);
        Http = options.HttpClient ?? new HttpMessageInvoker(options.HttpHandler ?? CreateHandler());
    }

    internal Uri Address { get; }

    internal HttpMessageInvoker Http { get; }

    internal int? MaxSendMessageSize { get; }

    internal int? MaxReceiveMessageSize { get; }

    internal bool ThrowOperationCanceledOnCancellation { get; }

    internal ILogger Logger { get; }

    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        return new GrpcChannel(address, channelOptions);
    }

    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new ChannelCallInvoker(this);
    }

    /// <summary>Cancels the calls that are in flight.</summary>
    public void Dispose()
    {
        IDisposable[] calls;
        lock (_gate)
        {
            if (_isDisposed)
                return;

            _isDisposed = true;
            calls = [.. _calls];
        }

        // Outside of the lock: a call that ends takes itself out of the set.
        foreach (var call in calls)
            call.Dispose();
        if (_ownsHttp)
            Http.Dispose();
    }

    internal void Add(IDisposable call)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _calls.Add(call);
        }
    }

    internal void Remove(IDisposable call)
    {
        lock (_gate)
            _calls.Remove(call);
    }

    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    // One connection allows about a hundred calls at a time; beyond that calls would wait for each other.
    private static SocketsHttpHandler CreateHandler() => new() { EnableMultipleHttp2Connections = true };
}
