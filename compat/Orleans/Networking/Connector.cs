using System.Net;
using System.Net.Sockets;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;

namespace Orleans.Runtime.Networking;

/// <summary>Opens connections.</summary>
internal static class Connector
{
    /// <exception cref="PeerGoneException">Nobody listens there, or somebody else than meant.</exception>
    /// <exception cref="ConnectionFailedException">The connection or the greeting failed.</exception>
    public static async Task<Connection> ConnectAsync(IPEndPoint endpoint, Handshake.Hello mine, FrameLimits limits, TimeSpan timeout)
    {
        using var cancellation = new CancellationTokenSource(timeout);
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellation.Token);
            await Handshake.SendAsync(socket, mine, cancellation.Token);
            var theirs = await Handshake.ReceiveAsync(socket, cancellation.Token);
            Check(endpoint, mine, theirs);
            return new(socket, theirs, limits);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            throw exception switch
            {
                SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
                    new PeerGoneException($"Nobody listens on {endpoint}.", exception),
                OperationCanceledException => new ConnectionFailedException($"{endpoint} did not answer within {timeout.TotalSeconds} s.", exception),
                SocketException or SerializerException or FormatException => new ConnectionFailedException($"No connection to {endpoint}: {exception.Message}", exception),
                ConnectionFailedException and not (PeerGoneException or DeclaredDeadException) => new ConnectionFailedException($"No connection to {endpoint}: {exception.Message}.", exception),
                _ => exception,
            };
        }
    }

    private static void Check(IPEndPoint endpoint, Handshake.Hello mine, Handshake.Hello theirs)
    {
        if (theirs.PeerIsDead) throw new DeclaredDeadException($"{theirs.Silo} takes this silo for dead");
        if (theirs.Refusal is { } refusal) throw new ConnectionFailedException($"it refused: {refusal}");
        if (Handshake.Mismatch(mine, theirs) is { } mismatch) throw new ConnectionFailedException(mismatch);
        if (mine.Expected is { Generation: not 0 } expected && theirs.Silo is { } silo && !expected.Equals(silo))
        {
            throw new PeerGoneException($"{expected} is gone; {silo} is on {endpoint} now.");
        }
    }
}

/// <summary>The silo that was meant is certainly not there any more.</summary>
internal sealed class PeerGoneException : ConnectionFailedException
{
    public PeerGoneException(string message) : base(message)
    {
    }

    public PeerGoneException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>The other silo knows that this one was declared dead.</summary>
internal sealed class DeclaredDeadException(string message) : ConnectionFailedException(message);
