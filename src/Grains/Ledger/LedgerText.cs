using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using VaeCluster.Contracts;

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

    private static readonly JsonSerializerOptions Options = new(JsonForms.Line)
    {
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

    /// <summary>The version of the format that the first line states; null where it states none.</summary>
    /// <exception cref="JsonException">The text is no entry at all.</exception>
    public static string? VersionOf(string header) =>
        JsonSerializer.Deserialize<VersionOnly>(header, JsonForms.Line)?.Version?.ToString(CultureInfo.InvariantCulture);

    public static string ChainOf(string previousChain, string body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(previousChain + body)));

    /// <summary>Whether a text is a SHA-256 as lower-case hexadecimal.</summary>
    public static bool IsHash(ReadOnlySpan<char> text) => text.Length == HashLength && !text.ContainsAnyExcept(HashDigits);

    private sealed record VersionOnly(int? Version);
}
