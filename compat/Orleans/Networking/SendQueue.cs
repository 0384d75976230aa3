using System.Net.Sockets;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.Networking;

/// <summary>
/// Sends frames in order. Whoever finds the socket idle sends a small frame at once on his own thread, which saves a thread switch;
/// a large one would hold his turn up, so another thread sends it. The others queue, and wait once <see cref="QueuedBytesMax"/>
/// lie ahead of them.
/// </summary>
internal sealed class SendQueue(Socket socket)
{
    /// <summary>Beyond this many waiting bytes senders wait as well.</summary>
    public const long QueuedBytesMax = 64 * 1024 * 1024;

    /// <summary>One system call takes at most this many pieces.</summary>
    private const int PiecesMax = 128;

    private readonly Lock _sync = new();
    private readonly Queue<FrameWriter> _frames = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private readonly List<ArraySegment<byte>> _pieces = [];
    private readonly List<FrameWriter> _inFlight = [];
    private long _queuedBytes;
    private bool _sending;
    private Exception? _broken;

    /// <summary>Called once, when the socket failed to take a frame.</summary>
    public Action<Exception>? Failed { get; set; }

    public async ValueTask SendAsync(FrameWriter frame)
    {
        Frame.Seal(frame);
        while (!TryEnqueue(frame, out var room)) await room;
    }

    /// <summary>Fails those who wait; frames that are queued are lost with the connection.</summary>
    public void Close(Exception reason)
    {
        lock (_sync)
        {
            _broken ??= reason;
            while (_frames.TryDequeue(out var frame)) frame.Dispose();
            while (_waiting.TryDequeue(out var waiter)) waiter.TrySetException(_broken);
        }
    }

    private bool TryEnqueue(FrameWriter frame, out Task room)
    {
        room = Task.CompletedTask;
        lock (_sync)
        {
            if (_broken is not null)
            {
                frame.Dispose();
                throw new Messaging.ConnectionFailedException($"The connection is closed: {_broken.Message}", _broken);
            }

            if (_queuedBytes > 0 && _queuedBytes + frame.TotalBytes > QueuedBytesMax)
            {
                var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Enqueue(waiter);
                room = waiter.Task;
                return false;
            }

            _queuedBytes += frame.TotalBytes;
            _frames.Enqueue(frame);
            if (_sending) return true;
            _sending = true;
        }

        _ = frame.TotalBytes >= FrameWriter.SegmentBytesMin ? Task.Run(PumpAsync) : PumpAsync();
        return true;
    }

    private async Task PumpAsync()
    {
        try
        {
            while (TakeBatch())
            {
                await socket.SendAsync(_pieces, SocketFlags.None);
                ReturnBatch();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Close(exception);
            Failed?.Invoke(exception);
        }
    }

    private bool TakeBatch()
    {
        lock (_sync)
        {
            while (_pieces.Count < PiecesMax && _broken is null && _frames.TryDequeue(out var frame))
            {
                _inFlight.Add(frame);
                Frame.AddTo(_pieces, frame);
            }

            return _sending = _inFlight.Count > 0;
        }
    }

    private void ReturnBatch()
    {
        lock (_sync)
        {
            foreach (var frame in _inFlight)
            {
                _queuedBytes -= frame.TotalBytes;
                frame.Dispose();
            }

            _inFlight.Clear();
            _pieces.Clear();
            while (_queuedBytes < QueuedBytesMax && _waiting.TryDequeue(out var waiter)) waiter.TrySetResult();
        }
    }
}
