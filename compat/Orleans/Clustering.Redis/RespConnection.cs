using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Orleans.Clustering.Redis;

namespace StackExchange.Redis;

/// <summary>One connection to a Redis that sends a command and awaits its answer (RESP, version 2).</summary>
internal sealed class RespConnection : IDisposable
{
    /// <summary>A table of silos is a few kilobytes; a server that announces more than this is not the right one.</summary>
    private const int BulkBytesMax = 64 * 1024 * 1024;

    private readonly Stream _stream;
    private readonly BufferedStream _input;

    private RespConnection(Stream stream)
    {
        _stream = stream;
        _input = new(stream, 16 * 1024);
    }

    /// <summary>Connects to the first server that answers, and logs in.</summary>
    public static async Task<RespConnection> OpenAsync(ConfigurationOptions options, CancellationToken cancellationToken)
    {
        if (options.EndPoints.Count == 0) throw new RedisClusteringException("RedisClusteringOptions.ConfigurationOptions names no server; give it one, for example with ConfigurationOptions.Parse(\"redis:6379\").");
        var failures = new List<string>();
        foreach (var endpoint in options.EndPoints)
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(options.ConnectTimeout);
                return await OpenAsync(endpoint, options, limit.Token);
            }
            catch (Exception exception) when (exception is SocketException or IOException or RedisClusteringException or System.Security.Authentication.AuthenticationException)
            {
                failures.Add($"{endpoint}: {exception.Message}");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add($"{endpoint}: no answer within {options.ConnectTimeout} ms");
            }
        }

        throw new RedisClusteringException($"No Redis can be used. {string.Join("; ", failures)}.");
    }

    /// <summary>Gives the answer: a text, a number, null or a list of those.</summary>
    /// <exception cref="RedisClusteringException">The server answers with an error.</exception>
    public async Task<object?> SendAsync(CancellationToken cancellationToken, params string[] command)
    {
        var request = new MemoryStream();
        Write(request, $"*{command.Length}\r\n");
        foreach (var part in command)
        {
            Write(request, $"${Encoding.UTF8.GetByteCount(part)}\r\n");
            Write(request, part + "\r\n");
        }

        await _stream.WriteAsync(request.GetBuffer().AsMemory(0, (int)request.Length), cancellationToken);
        await _stream.FlushAsync(cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    public void Dispose()
    {
        _input.Dispose();
        _stream.Dispose();
    }

    private static async Task<RespConnection> OpenAsync(EndPoint endpoint, ConfigurationOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Ssl) stream = await SecureAsync(stream, options.SslHost ?? HostOf(endpoint), cancellationToken);
            var connection = new RespConnection(stream);
            await connection.LogInAsync(options, cancellationToken);
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> SecureAsync(Stream stream, string host, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellationToken);
        return secure;
    }

    private static string HostOf(EndPoint endpoint) => endpoint switch
    {
        DnsEndPoint dns => dns.Host,
        IPEndPoint ip => ip.Address.ToString(),
        _ => endpoint.ToString() ?? "",
    };

    private async Task LogInAsync(ConfigurationOptions options, CancellationToken cancellationToken)
    {
        if (options.Password is { Length: > 0 } password)
        {
            string[] command = options.User is { Length: > 0 } user ? ["AUTH", user, password] : ["AUTH", password];
            await SendAsync(cancellationToken, command);
        }

        if (options.DefaultDatabase is { } database) await SendAsync(cancellationToken, "SELECT", database.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<object?> ReadAsync(CancellationToken cancellationToken)
    {
        var line = await ReadLineAsync(cancellationToken);
        switch (line[0])
        {
            case '+': return line[1..];
            case ':': return long.Parse(line.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            case '-': throw new RedisClusteringException($"Redis answers: {line[1..]}");
            case '$': return await ReadBulkAsync(Length(line), cancellationToken);
            case '*': break;
            default: throw new RedisClusteringException($"The server answers '{line}', which is not what a Redis says.");
        }

        var items = new object?[Math.Max(0, Length(line))];
        for (var i = 0; i < items.Length; i++) items[i] = await ReadAsync(cancellationToken);
        return items;
    }

    private async Task<string?> ReadBulkAsync(int length, CancellationToken cancellationToken)
    {
        if (length < 0) return null;
        var bytes = new byte[length + 2];
        await _input.ReadExactlyAsync(bytes, cancellationToken);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (true)
        {
            await _input.ReadExactlyAsync(one, cancellationToken);
            if (one[0] == '\n') break;
            if (one[0] != '\r') text.Append((char)one[0]);
            if (text.Length > 4096) throw new RedisClusteringException("The server answers a line without an end, which is not what a Redis does.");
        }

        return text.Length > 0 ? text.ToString() : throw new RedisClusteringException("The server answers an empty line, which is not what a Redis does.");
    }

    private static int Length(string line) =>
        int.TryParse(line.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var length) && length is >= -1 and <= BulkBytesMax
            ? length
            : throw new RedisClusteringException($"The server announces '{line}', which is not a length.");

    private static void Write(MemoryStream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));
}
