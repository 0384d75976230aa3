using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace VaeCluster.Silo.Networking;

/// <summary>
/// A TCP connection as two pipes of large segments, one each way, with a loop that moves bytes between each and the socket. It ends when either side
/// closes it or <see cref="Abort"/> is called; then both pipes complete and <see cref="DefaultConnectionContext.ConnectionClosed"/> fires.
/// </summary>
internal sealed class SocketConnection : DefaultConnectionContext
{
    /// <summary>Bytes of a segment, and so of a system call: a part of a vector, 1 MiB, takes four.</summary>
    private const int SegmentLength = 256 << 10;

    /// <summary>Bytes that wait in a pipe before whoever writes to it has to wait: a few parts.</summary>
    private const int PipeLengthMax = 4 << 20;

    /// <summary>The loops end with the socket and the pipes, which costs nothing while bytes move.</summary>
    private static readonly CancellationToken Always = CancellationToken.None;

    private readonly Socket _socket;
    private readonly CancellationTokenSource _closed = new();
    private Task _pumping = Task.CompletedTask;

    private SocketConnection(Socket socket, IDuplexPipe transport, IDuplexPipe application)
        : base(Guid.NewGuid().ToString("N"), transport, application)
    {
        _socket = socket;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
    }

    /// <summary>A connection over a connected socket, which it owns.</summary>
    public static SocketConnection Start(Socket socket)
    {
        var options = new PipeOptions(
            minimumSegmentSize: SegmentLength,
            pauseWriterThreshold: PipeLengthMax,
            resumeWriterThreshold: PipeLengthMax / 2,
            useSynchronizationContext: false);
        var (received, sent) = (new Pipe(options), new Pipe(options));
        var connection = new SocketConnection(socket, new DuplexPipe(received.Reader, sent.Writer), new DuplexPipe(sent.Reader, received.Writer));
        connection._pumping = connection.PumpAsync();
        return connection;
    }

    /// <summary>Closes the connection at once; what was not sent is lost.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _socket.Dispose();
        // The sender may be waiting for something to send.
        Application!.Input.CancelPendingRead();
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        _socket.Dispose();
        await _pumping;
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private async Task PumpAsync()
    {
        try
        {
            await Task.WhenAll(ReceiveAsync(Application!.Output), SendAsync(Application.Input));
        }
        finally
        {
            // Orleans waits for this before it lets the connection go.
            await _closed.CancelAsync();
        }
    }

    private async Task ReceiveAsync(PipeWriter received)
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                // A connection on which nothing comes holds no buffer.
                await _socket.ReceiveAsync(Memory<byte>.Empty, Always);
                var count = await _socket.ReceiveAsync(received.GetMemory(SegmentLength / 2), Always);
                if (count == 0)
                    break;
                received.Advance(count);
                if (await received.FlushAsync(Always) is { IsCompleted: true } or { IsCanceled: true })
                    break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Whoever reads the pipe learns of it.
            error = new ConnectionResetException(e.Message, e);
        }
        await received.CompleteAsync(error);
        // Nobody answers what would still be sent.
        Abort(new ConnectionAbortedException("The connection was closed by the other side."));
    }

    private async Task SendAsync(PipeReader sent)
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                var result = await sent.ReadAsync(Always);
                foreach (var segment in result.Buffer)
                    await SendAllAsync(segment);
                sent.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted || result.IsCanceled)
                    break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            error = new ConnectionResetException(e.Message, e);
        }
        await sent.CompleteAsync(error);
        _socket.Dispose();
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await _socket.SendAsync(bytes, Always)..];
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
