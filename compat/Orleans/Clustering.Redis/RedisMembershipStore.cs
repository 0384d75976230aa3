using System.Globalization;
using System.Text.Json;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.Membership;
using Orleans.Runtime.Metadata;
using StackExchange.Redis;

namespace Orleans.Clustering.Redis;

/// <summary>
/// The membership table as a hash in Redis: a silo's address, and its status and entry. The script keeps a status from going back,
/// so that silos may write in any order.
/// </summary>
internal sealed class RedisMembershipStore(RedisClusteringOptions options, ClusterOptions cluster, TimeSpan defunctAfter) : IMembershipStore, IDisposable
{
    private const string MergeScript =
        """
        for i = 1, #ARGV, 3 do
          local old = redis.call('HGET', KEYS[1], ARGV[i])
          local rank = old and tonumber(string.sub(old, 1, 1)) or -1
          if tonumber(ARGV[i + 1]) > rank then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1] .. ARGV[i + 2]) end
        end
        return redis.call('HGETALL', KEYS[1])
        """;

    private readonly SemaphoreSlim _one = new(1);
    private readonly string _key = $"{cluster.ServiceId}/members/{cluster.ClusterId}";
    private RespConnection? _connection;
    private bool _connectedOnce;

    public async Task<MembershipView> ExchangeAsync(MembershipView mine, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await ExchangeOnceAsync(mine, cancellationToken);
        }
        catch (RedisClusteringException exception) when (!_connectedOnce && options.ConfigurationOptions.AbortOnConnectFail)
        {
            throw new OrleansConfigurationException($"{exception.Message} Start it first, or set abortConnect=false to have the silo wait for it.", exception);
        }
        catch
        {
            // The next exchange makes another connection.
            _connection?.Dispose();
            _connection = null;
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The table as it is, for clients.</summary>
    public Task<MembershipView> ReadAsync(CancellationToken cancellationToken) => ExchangeAsync(MembershipView.Empty, cancellationToken);

    public void Dispose()
    {
        _connection?.Dispose();
        _one.Dispose();
    }

    private async Task<MembershipView> ExchangeOnceAsync(MembershipView mine, CancellationToken cancellationToken)
    {
        _connection ??= await RespConnection.OpenAsync(options.ConfigurationOptions, cancellationToken);
        _connectedOnce = true;
        string[] command = ["EVAL", MergeScript, "1", _key, .. mine.Entries.SelectMany(Arguments)];
        var answer = (object?[])(await _connection.SendAsync(cancellationToken, command))!;
        if (options.EntryExpiry is { } expiry) await _connection.SendAsync(cancellationToken, "PEXPIRE", _key, ((long)expiry.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        var view = MembershipView.Of(answer.Where((_, i) => i % 2 == 1).Select(value => Read((string)value!)));
        return await CleanAsync(view, cancellationToken);
    }

    private async Task<MembershipView> CleanAsync(MembershipView view, CancellationToken cancellationToken)
    {
        var limit = DateTime.UtcNow - defunctAfter;
        string[] defunct = [.. view.Entries.Where(IsDefunct).Select(entry => entry.Silo.ToParsableString())];
        if (defunct.Length == 0) return view;
        await _connection!.SendAsync(cancellationToken, ["HDEL", _key, .. defunct]);
        return view.Without(IsDefunct);

        bool IsDefunct(MemberEntry entry) => entry.Status == SiloStatus.Dead && entry.StartedUtc < limit;
    }

    private static string[] Arguments(MemberEntry entry) =>
    [
        entry.Silo.ToParsableString(),
        ((int)entry.Status).ToString(CultureInfo.InvariantCulture),
        JsonSerializer.Serialize(new Row(entry.Silo.ToParsableString(), entry.Name, entry.GatewayPort, entry.StartedUtc, entry.GrainClasses)),
    ];

    private static MemberEntry Read(string value)
    {
        var row = JsonSerializer.Deserialize<Row>(value.AsSpan(1))!;
        return new(SiloAddress.FromParsableString(row.Silo), row.Name, (SiloStatus)(value[0] - '0'), row.GatewayPort, row.StartedUtc, row.GrainClasses);
    }

    private sealed record Row(string Silo, string Name, int GatewayPort, DateTime StartedUtc, GrainClassEntry[] GrainClasses);
}
