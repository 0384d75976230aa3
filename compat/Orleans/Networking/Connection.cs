using System.Net.Sockets;
using Orleans.Runtime.Messaging;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.Networking;

/// <summary>An open connection after its handshake.</summary>
internal sealed class Connection : IFrameSink, IDisposable
{
    private readonly Socket _socket;
    private readonly SendQueue _queue;
    private readonly FrameLimits _limits;
    private int _closed;

    public Connection(Socket socket, Handshake.Hello peer, FrameLimits limits)
    {
        _socket = socket;
        _limits = limits;
        Peer = peer;
        _queue = new(socket) { Failed = Close };
    }

    /// <summary>What the other side said of itself.</summary>
    public Handshake.Hello Peer { get; }

    /// <summary>Called once, with the cause, when the connection ends.</summary>
    public Action<Exception?>? Closed { get; set; }

    /// <summary>Receives until the connection ends.</summary>
    public async Task ReceiveAsync(Action<FrameBody> handle)
    {
        Exception? cause = null;
        try
        {
            using var receiver = new FrameReceiver(_socket, _limits.BytesMax);
            await receiver.RunAsync(handle);
        }
        catch (Exception exception)
        {
            // A broken socket and a broken frame alike end the connection; whoever owns it says so in the log.
            cause = exception;
        }

        Close(cause);
    }

    public ValueTask SendAsync(FrameWriter frame) => _queue.SendAsync(frame);

    public void CheckSize(FrameWriter frame, string what) => _limits.Check(frame, what);

    public void Post(FrameWriter frame) => _ = PostAsync(frame);

    /// <summary>Ends the connection; with <paramref name="abruptly"/> as a process that is killed ends it.</summary>
    public void Abort(bool abruptly)
    {
        if (abruptly) _socket.LingerState = new(true, 0);
        Close(null);
    }

    public void Dispose() => Close(null);

    private async Task PostAsync(FrameWriter frame)
    {
        try
        {
            await _queue.SendAsync(frame);
        }
        catch (ConnectionFailedException)
        {
            // The answer is lost with its connection, whose end its owner handles.
        }
    }

    private void Close(Exception? cause)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        _queue.Close(cause ?? new IOException("It was closed."));
        _socket.Dispose();
        Closed?.Invoke(cause);
    }
}
