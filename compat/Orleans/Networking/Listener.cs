using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;

namespace Orleans.Runtime.Networking;

/// <summary>Accepts connections on one port, and hangs up on those that do not belong.</summary>
internal sealed partial class Listener(
    string optionName, Func<Handshake.Hello, Handshake.Hello> answer, FrameLimits limits, ILogger logger) : IDisposable
{
    /// <summary>A caller that says nothing for this long is not a silo.</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    private Socket? _socket;

    public required Action<Connection> Accepted { get; init; }

    /// <exception cref="OrleansConfigurationException">The port cannot be had.</exception>
    public void Start(IPEndPoint endpoint)
    {
        _socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(endpoint);
            _socket.Listen(512);
        }
        catch (SocketException exception)
        {
            _socket.Dispose();
            throw new OrleansConfigurationException(
                $"The silo cannot listen on {endpoint}: {exception.Message}. Is another process on port {endpoint.Port}? Set {optionName} to a free one.", exception);
        }

        _ = AcceptAsync(_socket);
    }

    public void Dispose() => _socket?.Dispose();

    private async Task AcceptAsync(Socket listening)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listening.AcceptAsync();
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException exception)
            {
                LogAcceptFailed(logger, exception);
                continue;
            }

            _ = GreetAsync(socket);
        }
    }

    private async Task GreetAsync(Socket socket)
    {
        var remote = socket.RemoteEndPoint;
        using var timeout = new CancellationTokenSource(HandshakeTimeout);
        try
        {
            socket.NoDelay = true;
            var peer = await Handshake.ReceiveAsync(socket, timeout.Token);
            var mine = answer(peer);
            await Handshake.SendAsync(socket, mine, timeout.Token);
            if (mine.Refusal is not null) throw new ConnectionFailedException(mine.Refusal);
            Accepted(new(socket, peer, limits));
        }
        catch (OperationCanceledException)
        {
            Refuse($"it said nothing for {HandshakeTimeout.TotalSeconds} s");
        }
        catch (Exception exception) when (exception is ConnectionFailedException or SocketException or SerializerException or FormatException)
        {
            Refuse(exception.Message);
        }

        void Refuse(string why)
        {
            LogRefused(logger, remote, why);
            socket.Dispose();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The connection from {Remote} was refused: {Why}.")]
    private static partial void LogRefused(ILogger logger, EndPoint? remote, string why);

    [LoggerMessage(2, LogLevel.Warning, "A connection could not be accepted.")]
    private static partial void LogAcceptFailed(ILogger logger, Exception exception);
}
