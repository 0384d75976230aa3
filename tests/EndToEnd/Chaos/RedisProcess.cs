using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VaeCluster.EndToEnd.Chaos;

/// <summary>A real Redis that keeps what it holds on disk, as a Redis that keeps a membership should.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vaecluster-redis-");
    private readonly IPAddress _address;
    private RunningProgram? _program;

    private RedisProcess(IPAddress address, int port)
    {
        _address = address;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Starts one; skips the test where there is none.</summary>
    /// <param name="address">Where it listens; by default 127.0.0.1.</param>
    public static async Task<RedisProcess> StartAsync(IPAddress? address = null)
    {
        var redis = new RedisProcess(address ?? IPAddress.Loopback, LoopbackPorts.Free(1)[0]);
        await redis.LaunchAsync();
        return redis;
    }

    /// <summary>Kills it and starts it again on its port, with what it had written.</summary>
    public async Task RestartAsync()
    {
        if (_program is not null)
            await KillAsync();
        await LaunchAsync();
    }

    /// <summary>Kills it; <see cref="RestartAsync"/> brings it back.</summary>
    public async Task KillAsync()
    {
        await _program!.DisposeAsync();
        _program = null;
    }

    /// <summary>Removes everything that it holds.</summary>
    public async Task EmptyAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_address, Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync("FLUSHALL\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var answer = new byte[5];
        await client.GetStream().ReadExactlyAsync(answer, TestContext.Current.CancellationToken);
        Assert.Equal("+OK\r\n"u8.ToArray(), answer);
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task LaunchAsync()
    {
        string[] arguments = ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", $"{_address}", "--protected-mode", "no", "--dir", _folder.FullName, "--save", "", "--appendonly", "yes", "--appendfsync", "always"];
        _program = OptionalProgram.StartOrSkip("redis-server", arguments, "Debian's package redis-server");
        await Eventually.GetAsync($"Redis on port {Port}", ConnectAsync, WaitTimeout);
    }

    private async Task<string?> ConnectAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(_address, Port, TestContext.Current.CancellationToken);
            return "connected";
        }
        catch (SocketException)
        {
            return null; // It does not listen yet.
        }
    }
}
