using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.Networking;

/// <summary>
/// The first words on a connection: a magic number, the protocol's version, and who speaks. Both sides check what they hear, and
/// the one that was called says why it hangs up.
/// </summary>
internal static class Handshake
{
    public const int Version = 1;
    private const int HelloBytesMax = 1024 * 1024;
    private static readonly byte[] Magic = "VCOR"u8.ToArray();

    /// <summary>What one side says of itself.</summary>
    /// <param name="Role">Silo or client.</param>
    /// <param name="ClusterId">The cluster it belongs to.</param>
    /// <param name="ServiceId">The service it belongs to.</param>
    /// <param name="Silo">Its address, if it is a silo.</param>
    /// <param name="ClientId">Its name, if it is a client.</param>
    /// <param name="Expected">The silo that the caller means to reach; generation 0 takes whoever is there.</param>
    /// <param name="GrainClasses">What the cluster's silos can activate, for clients.</param>
    /// <param name="Refusal">Why the called side hangs up, if it does.</param>
    /// <param name="PeerIsDead">Whether the cluster takes the caller for dead.</param>
    [GenerateSerializer]
    internal sealed record Hello(
        [property: Id(0)] Role Role,
        [property: Id(1)] string ClusterId,
        [property: Id(2)] string ServiceId,
        [property: Id(3)] SiloAddress? Silo = null,
        [property: Id(4)] string? ClientId = null,
        [property: Id(5)] SiloAddress? Expected = null,
        [property: Id(6)] Metadata.GrainClassEntry[]? GrainClasses = null,
        [property: Id(7)] string? Refusal = null,
        [property: Id(8)] bool PeerIsDead = false);

    [GenerateSerializer]
    internal enum Role
    {
        Silo,
        Client,
    }

    public static async Task SendAsync(Socket socket, Hello hello, CancellationToken cancellationToken)
    {
        using var frame = new FrameWriter();
        frame.WriteBytes(Magic);
        frame.WriteFixed4(Version);
        var begin = frame.BeginSized();
        CodecSet.Get<Hello>().Write(frame, hello);
        frame.EndSized(begin);
        for (var rest = frame.Written; rest.Length > 0;) rest = rest[await socket.SendAsync(rest, SocketFlags.None, cancellationToken)..];
    }

    /// <exception cref="ConnectionFailedException">The other side does not speak this protocol.</exception>
    public static async Task<Hello> ReceiveAsync(Socket socket, CancellationToken cancellationToken)
    {
        var head = await ReadAsync(socket, 12, cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(head.AsSpan(0, 4), Magic))
        {
            throw new ConnectionFailedException($"it started with '{Printable(head)}', which is not this cluster's protocol");
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(4));
        if (version != Version) throw new ConnectionFailedException($"it speaks version {version} of the protocol, and this process speaks version {Version}");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8));
        if (length > HelloBytesMax) throw new ConnectionFailedException($"its greeting announces {length} bytes, and at most {HelloBytesMax} are taken");
        var body = await ReadAsync(socket, (int)length, cancellationToken);
        return CodecSet.Get<Hello>().Read(new(body, 0, body.Length, [], null));
    }

    /// <summary>Why the two cannot talk, or null if they can.</summary>
    public static string? Mismatch(Hello mine, Hello theirs)
    {
        if (theirs.ClusterId != mine.ClusterId) return $"it belongs to cluster '{theirs.ClusterId}', and this process to '{mine.ClusterId}' (ClusterOptions.ClusterId)";
        if (theirs.ServiceId != mine.ServiceId) return $"it belongs to service '{theirs.ServiceId}', and this process to '{mine.ServiceId}' (ClusterOptions.ServiceId)";
        return null;
    }

    private static async Task<byte[]> ReadAsync(Socket socket, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        for (var have = 0; have < count;)
        {
            var received = await socket.ReceiveAsync(bytes.AsMemory(have), SocketFlags.None, cancellationToken);
            if (received == 0) throw new ConnectionFailedException($"it hung up after {have} of {count} bytes of its greeting");
            have += received;
        }

        return bytes;
    }

    private static string Printable(byte[] bytes) => new([.. Encoding.Latin1.GetString(bytes).Select(c => c is >= ' ' and <= '~' ? c : '.')]);
}
