using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Metadata;
using Orleans.Runtime.Networking;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Messaging;

/// <summary>A client of a cluster. It has one connection, to any gateway, and makes another when that one breaks.</summary>
internal sealed partial class OutsideClient : CallRuntime, IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(500);

    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly CancellationTokenSource _stopping = new();
    private readonly ClusterOptions _cluster;
    private readonly FrameLimits _limits;
    private readonly IGatewayList _gateways;
    private readonly ObserverRegistry _observers;
    private readonly ReferenceFactory _references;
    private readonly ILogger _logger;
    private Connection? _connection;

    public OutsideClient(
        ClusterOptions cluster, ClientMessagingOptions messaging, IGatewayList gateways, IServiceProvider services, ILogger<OutsideClient> logger, ILogger<ObserverRegistry> observerLogger)
        : base(new(), messaging)
    {
        _cluster = cluster;
        _gateways = gateways;
        _logger = logger;
        _limits = new(messaging, nameof(ClientMessagingOptions));
        _references = new(this);
        _observers = new(_id, observerLogger);
        GrainFactory = new(_references, _observers, GrainClasses, services);
    }

    public GrainFactory GrainFactory { get; }

    protected override SiloAddress? Origin => null;

    /// <summary>Tries the gateways, by chance so that clients spread over them.</summary>
    /// <exception cref="ConnectionFailedException">None of them can be reached.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var failures = new List<Exception>();
        foreach (var gateway in (await _gateways.GetAsync(cancellationToken)).OrderBy(_ => Random.Shared.Next()))
        {
            try
            {
                var hello = new Handshake.Hello(Handshake.Role.Client, _cluster.ClusterId, _cluster.ServiceId, ClientId: _id);
                Adopt(await Connector.ConnectAsync(gateway, hello, _limits, ConnectTimeout));
                return;
            }
            catch (ConnectionFailedException exception)
            {
                LogUnreachable(_logger, gateway, exception.Message);
                failures.Add(exception);
            }
        }

        throw new ConnectionFailedException($"No gateway of the cluster can be reached: {string.Join(" ", failures.Select(failure => failure.Message))}", new AggregateException(failures));
    }

    public void Dispose()
    {
        _stopping.Cancel();
        Volatile.Read(ref _connection)?.Dispose();
        Calls.FailAll(static call => new SiloUnavailableException($"{call.MethodName} of {call.Target} was left without an answer: the client has stopped."));
        Calls.Dispose();
    }

    protected override void Send(Message message)
    {
        try
        {
            var connection = Volatile.Read(ref _connection) ?? throw new SiloUnavailableException(
                $"{message.MethodName} of {message.Target} was not sent: the client is not connected to any gateway. It keeps trying to connect.");
            var frame = MessageWire.WriteRequest(message);
            connection.CheckSize(frame, $"The call of {message.MethodName}");
            _ = SendAsync(connection, frame, message);
        }
        catch (Exception exception)
        {
            // Whatever is wrong with the call is its caller's to know.
            message.Reply.Fail(exception);
        }
    }

    protected override void SendCancel(PendingCall call) => Volatile.Read(ref _connection)?.Post(MessageWire.Begin(MessageKind.Cancel, call.Id));

    private static async Task SendAsync(Connection connection, Serialization.Wire.FrameWriter frame, Message message)
    {
        try
        {
            await connection.SendAsync(frame);
        }
        catch (ConnectionFailedException exception)
        {
            message.Reply.Fail(new SiloUnavailableException($"{message.MethodName} of {message.Target} could not be sent: {exception.Message}", exception));
        }
    }

    private GrainClassEntry[] GrainClasses() => Volatile.Read(ref _connection)?.Peer.GrainClasses
        ?? throw new SiloUnavailableException("The client is not connected to any gateway, so it does not know the cluster's grains. Start its host first.");

    private void Adopt(Connection connection)
    {
        LogConnected(_logger, connection.Peer.Silo);
        connection.Closed = cause => Lost(connection, cause);
        Volatile.Write(ref _connection, connection);
        _ = connection.ReceiveAsync(frame => Handle(connection, frame));
    }

    private void Handle(Connection connection, FrameBody frame)
    {
        var reader = frame.Reader(_references);
        var kind = (MessageKind)reader.ReadByte();
        if (kind is MessageKind.Request or MessageKind.OneWay)
        {
            var message = MessageWire.ReadRequest(kind, reader, frame, (callId, _) => new RemoteReply(connection, callId));
            Observe(message);
        }
        else if (kind is MessageKind.Result or MessageKind.Failure)
        {
            Calls.Remove(reader.ReadVarInt())?.Complete(kind, frame.After(reader), _references);
        }
    }

    private void Observe(Message message)
    {
        try
        {
            _observers.Deliver(message, message.Open(_references));
        }
        catch (Exception exception)
        {
            // A call that cannot be read is for its caller to know.
            message.Reply.Fail(exception);
        }
    }

    private void Lost(Connection connection, Exception? cause)
    {
        if (Interlocked.CompareExchange(ref _connection, null, connection) != connection || _stopping.IsCancellationRequested) return;
        LogLost(_logger, connection.Peer.Silo, cause?.Message ?? "the gateway closed it");
        Calls.FailAll(call => new SiloUnavailableException($"{call.MethodName} of {call.Target} was left without an answer: the connection to gateway {connection.Peer.Silo} broke. Whether it ran is not known."));
        _ = ReconnectAsync();
    }

    private async Task ReconnectAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(_stopping.Token);
                return;
            }
            catch (Exception exception)
            {
                LogRetrying(_logger, exception.Message);
                await Task.Delay(RetryPeriod, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
