using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VaeCluster.Grains.Ledger;

/// <summary>
/// The form of a ledger: each line is a JSON object whose last property is <c>chain</c>, the SHA-256 over the chain value of the line
/// before (nothing for the first line) and the line itself without that property, as text.
/// </summary>
internal static class LedgerText
{
    private const int HashLength = 64;
    private const string ChainProperty = ",\"chain\":\"";
    private const string End = "\"}";

    private static readonly SearchValues<char> HashDigits = SearchValues.Create("0123456789abcdef");

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>The line of an entry, without a line break, and its chain value.</summary>
    public static (string Line, string Chain) Write<T>(T entry, string previousChain)
    {
        var body = JsonSerializer.Serialize(entry, Options);
        var chain = ChainOf(previousChain, body);
        return (body[..^1] + ChainProperty + chain + End, chain);
    }

    /// <summary>The entry without its chain, and the chain value that the line states; null when it states none.</summary>
    public static (string Body, string Chain)? Split(string line)
    {
        var at = line.Length - End.Length - HashLength - ChainProperty.Length;
        return at > 0
            && line.EndsWith(End, StringComparison.Ordinal)
            && line.AsSpan(at, ChainProperty.Length).SequenceEqual(ChainProperty)
            && IsHash(line.AsSpan(at + ChainProperty.Length, HashLength))
            ? (line[..at] + "}", line.Substring(at + ChainProperty.Length, HashLength))
            : null;
    }

    /// <exception cref="JsonException">The text is no such entry.</exception>
    public static T Read<T>(string body) =>
        JsonSerializer.Deserialize<T>(body, Options) ?? throw new JsonException("The line is null.");

    public static string ChainOf(string previousChain, string body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(previousChain + body)));

    /// <summary>Whether a text is a SHA-256 as lower-case hexadecimal.</summary>
    public static bool IsHash(ReadOnlySpan<char> text) => text.Length == HashLength && !text.ContainsAnyExcept(HashDigits);

    /// <summary>The lines of a file, also while it is being written; none when there is no file.</summary>
    public static IEnumerable<LedgerLine> Lines(string path)
    {
        if (!File.Exists(path))
            yield break;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        var bytes = new ArrayBufferWriter<byte>();
        var number = 1L;
        for (int next; (next = file.ReadByte()) >= 0;)
        {
            if (next != '\n')
            {
                bytes.GetSpan(1)[0] = (byte)next;
                bytes.Advance(1);
                continue;
            }
            yield return new(number++, Encoding.UTF8.GetString(bytes.WrittenSpan), file.Position, IsWhole: true);
            bytes.ResetWrittenCount();
        }
        if (bytes.WrittenCount > 0)
            yield return new(number, Encoding.UTF8.GetString(bytes.WrittenSpan), file.Position, IsWhole: false);
    }
}

/// <summary>One line of a ledger as it stands in the file.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Text">Without the line break.</param>
/// <param name="EndsAt">Bytes of the file up to and with the line.</param>
/// <param name="IsWhole">Whether a line break ends it; the last line of a writer that died may have none.</param>
internal readonly record struct LedgerLine(long Number, string Text, long EndsAt, bool IsWhole);
