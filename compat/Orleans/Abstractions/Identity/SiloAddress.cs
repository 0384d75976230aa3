using System.Globalization;
using System.Net;

namespace Orleans.Runtime;

/// <summary>One life of a silo: its endpoint, and a generation that a restart on the same endpoint changes.</summary>
public sealed class SiloAddress : IEquatable<SiloAddress>, IComparable<SiloAddress>
{
    private static readonly DateTime Epoch = new(2022, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly Lock GenerationLock = new();
    private static long _generationLast;

    private readonly string _parsable;
    private readonly uint _hash;

    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
        _parsable = string.Create(CultureInfo.InvariantCulture, $"{endpoint.Address}:{endpoint.Port}@{generation}");
        _hash = StableHash.Compute32(_parsable);
    }

    public static SiloAddress Zero { get; } = New(IPAddress.Any, 0, 0);

    public IPEndPoint Endpoint { get; }

    public int Generation { get; }

    /// <summary>Clients have negative generations.</summary>
    public bool IsClient => Generation < 0;

    public static SiloAddress New(IPEndPoint ep, int gen)
    {
        ArgumentNullException.ThrowIfNull(ep);
        return ep.Address.IsIPv4MappedToIPv6 ? new(new(ep.Address.MapToIPv4(), ep.Port), gen) : new(ep, gen);
    }

    public static SiloAddress New(IPAddress address, int port, int generation) => New(new IPEndPoint(address, port), generation);

    /// <summary>Seconds since 2022; silos of one process that start within the same second still differ.</summary>
    public static int AllocateNewGeneration()
    {
        lock (GenerationLock)
        {
            _generationLast = Math.Max((long)(DateTime.UtcNow - Epoch).TotalSeconds, _generationLast + 1);
            return unchecked((int)_generationLast);
        }
    }

    public static SiloAddress FromParsableString(string addr)
    {
        var at = addr?.LastIndexOf('@') ?? -1;
        return at > 0
               && IPEndPoint.TryParse(addr.AsSpan(0, at), out var endpoint)
               && int.TryParse(addr.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var generation)
            ? New(endpoint, generation)
            : throw new FormatException("Invalid string SiloAddress: " + addr);
    }

    public string ToParsableString() => _parsable;

    public int GetConsistentHashCode() => (int)_hash;

    public bool IsPredecessorOf(SiloAddress other) => other is not null && Endpoint.Equals(other.Endpoint) && Generation < other.Generation;

    public bool IsSuccessorOf(SiloAddress other) => other is not null && other.IsPredecessorOf(this);

    public bool Equals(SiloAddress? other) =>
        ReferenceEquals(this, other) || (other is not null && string.Equals(_parsable, other._parsable, StringComparison.Ordinal));

    public override bool Equals(object? obj) => Equals(obj as SiloAddress);

    public override int GetHashCode() => (int)_hash;

    public int CompareTo(SiloAddress? other) => string.CompareOrdinal(_parsable, other?._parsable);

    public override string ToString() => $"{(IsClient ? 'C' : 'S')}{Endpoint}:{Generation}";
}
