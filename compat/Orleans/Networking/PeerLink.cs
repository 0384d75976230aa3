using Orleans.Runtime.Messaging;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.Networking;

/// <summary>The connection to another silo, made when it is needed and made again when it broke.</summary>
internal sealed class PeerLink(SiloAddress silo, Func<SiloAddress, Task<Connection>> connect, FrameLimits limits) : IFrameSink
{
    private readonly Lock _sync = new();
    private Task<Connection>? _connection;
    private Exception? _closed;

    public async ValueTask SendAsync(FrameWriter frame)
    {
        Connection connection;
        try
        {
            connection = await ConnectedAsync();
        }
        catch
        {
            frame.Dispose();
            throw;
        }

        await connection.SendAsync(frame);
    }

    public void CheckSize(FrameWriter frame, string what) => limits.Check(frame, what);

    public void Post(FrameWriter frame) => _ = PostAsync(frame);

    /// <summary>Makes the connection if there is none, to find out whether that can be done.</summary>
    public Task<Connection> ConnectedAsync()
    {
        lock (_sync)
        {
            if (_closed is not null) return Task.FromException<Connection>(_closed);
            if (_connection is null or { IsFaulted: true }) _connection = connect(silo);
            return _connection;
        }
    }

    /// <summary>Forgets a connection that broke, so that the next frame makes another.</summary>
    public void Broke(Connection connection)
    {
        lock (_sync)
        {
            if (_connection is { IsCompletedSuccessfully: true } current && ReferenceEquals(current.Result, connection)) _connection = null;
        }
    }

    public void Close(Exception reason, bool abruptly)
    {
        Task<Connection>? connection;
        lock (_sync)
        {
            _closed ??= reason;
            connection = _connection;
            _connection = null;
        }

        _ = connection?.ContinueWith(task => task.Result.Abort(abruptly), TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously);
    }

    private async Task PostAsync(FrameWriter frame)
    {
        try
        {
            await SendAsync(frame);
        }
        catch (ConnectionFailedException)
        {
            // An answer to a silo that cannot be reached: it fails its calls itself when it loses this silo.
        }
    }
}
