using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using VaeCluster.Contracts;
using VaeCluster.Data;

namespace VaeCluster.Parameters.Vectors;

/// <summary>
/// Writes and reads the safetensors format: the length of the header as a little-endian 64-bit integer, a JSON header that gives each tensor's
/// type, shape and byte range, padded with spaces to a multiple of eight, then the tensors without gaps in the order of their ranges.
/// </summary>
public static class SafetensorsFile
{
    private const string MetadataName = "__metadata__";

    /// <summary>As the Python library has it.</summary>
    private const long HeaderLengthMax = 100_000_000;

    /// <summary>Version of what the metadata and the order of the tensors mean to this product; <see cref="Write"/> puts it into the metadata.</summary>
    public const int FormatVersion = 1;

    /// <summary>The name of the version among the metadata.</summary>
    public const string FormatVersionKey = "vaecluster.format_version";

    private static readonly JsonSerializerOptions EntryOptions = new() { RespectNullableAnnotations = true };

    /// <summary>Writes float32 tensors, and the version of the format among the metadata.</summary>
    /// <param name="path">Where the file shall be.</param>
    /// <param name="layout">Names, shapes and places.</param>
    /// <param name="parts">The flat vector as little-endian float32, in the layout's parts.</param>
    /// <param name="metadata">Free text, by name.</param>
    public static void Write(string path, ParameterLayout layout, IReadOnlyList<byte[]> parts, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(metadata);
        AtomicFile.Write(path, file =>
        {
            var header = Header(layout, metadata);
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            file.Write(length);
            file.Write(header);
            foreach (var part in parts)
                file.Write(part);
        });
    }

    /// <summary>Reads a file of float32 tensors that <see cref="Write"/> made.</summary>
    /// <param name="path">Where the file is.</param>
    /// <param name="layout">The names, shapes and places that it must have.</param>
    /// <param name="parts">Takes the flat vector; together as long as the layout.</param>
    /// <exception cref="FormatVersionException">The file is of another version of the format, or of none.</exception>
    /// <exception cref="InvalidDataException">The file holds other tensors, or is shorter or longer than its header says.</exception>
    public static void Read(string path, ParameterLayout layout, IReadOnlyList<byte[]> parts)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(parts);
        using var file = File.OpenRead(path);
        Span<byte> length = stackalloc byte[8];
        if (file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
            throw new InvalidDataException($"{path} has {file.Length} bytes, which do not hold the header that a safetensors file begins with.");
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(length);
        var expected = 8 + headerLength + (4L * layout.Length);
        if (headerLength is < 2 or > HeaderLengthMax || file.Length != expected)
            throw new InvalidDataException(
                $"{path} has {file.Length} bytes and announces a header of {headerLength}; a model of {layout.Length} values makes a file of {expected}.");
        var header = new byte[headerLength];
        file.ReadExactly(header);
        CheckHeader(path, layout, header);
        foreach (var part in parts)
            file.ReadExactly(part);
    }

    /// <summary>SHA-256 of the flat vector, as lower-case hexadecimal.</summary>
    public static string Sha256(IReadOnlyList<byte[]> parts) => Sha256(parts.Select(part => (ReadOnlyMemory<byte>)part));

    /// <summary>SHA-256 of the flat vector, as lower-case hexadecimal.</summary>
    public static string Sha256(IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
            hash.AppendData(part.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// SHA-256 of the flat vector in a file, as lower-case hexadecimal: equal to <see cref="Sha256(IReadOnlyList{byte[]})"/> of what was written.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is too short to be one.</exception>
    public static string Sha256OfFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        Span<byte> prefix = stackalloc byte[8];
        var header = file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) == prefix.Length ? BinaryPrimitives.ReadInt64LittleEndian(prefix) : -1;
        if (header < 0 || header > file.Length - prefix.Length)
            throw new InvalidDataException($"{path} has {file.Length} bytes, which do not hold the header that a safetensors file begins with.");
        file.Position = prefix.Length + header;
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static void CheckHeader(string path, ParameterLayout layout, byte[] json)
    {
        try
        {
            CheckEntries(path, layout, JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json) ?? []);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The header of {path} is not a JSON object: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // What JSON's reader throws of a text that is not UTF-8, when the text is asked for.
            throw new InvalidDataException($"The header of {path} has text that is not UTF-8.", e);
        }
    }

    private static void CheckEntries(string path, ParameterLayout layout, Dictionary<string, JsonElement> header)
    {
        FormatVersionException.ThrowUnless(path, VersionOf(header), FormatVersion);
        foreach (var slot in layout.Slots)
        {
            var expected = EntryOf(slot);
            if (!header.TryGetValue(slot.Name, out var entry) || !IsSame(entry, expected))
                throw new InvalidDataException(
                    $"{path} has no float32 tensor {slot.Name} of shape [{string.Join(", ", slot.Shape)}] "
                        + $"at bytes {expected.DataOffsets[0]} to {expected.DataOffsets[1]}.");
        }
    }

    private static string? VersionOf(Dictionary<string, JsonElement> header) =>
        header.TryGetValue(MetadataName, out var metadata)
            && metadata.ValueKind == JsonValueKind.Object
            && metadata.TryGetProperty(FormatVersionKey, out var version)
            ? version.ToString()
            : null;

    private static bool IsSame(JsonElement entry, HeaderEntry expected)
    {
        try
        {
            return entry.Deserialize<HeaderEntry>(EntryOptions) is { } found
                && found.Type == expected.Type && found.Shape.SequenceEqual(expected.Shape) && found.DataOffsets.SequenceEqual(expected.DataOffsets);
        }
        catch (JsonException)
        {
            // The entry is not one at all, which the caller says.
            return false;
        }
    }

    private static HeaderEntry EntryOf(ParameterSlot slot) => new("F32", slot.Shape, [4L * slot.Offset, 4L * (slot.Offset + slot.Length)]);

    private sealed record HeaderEntry(
        [property: JsonPropertyName("dtype"), JsonRequired] string Type,
        [property: JsonPropertyName("shape"), JsonRequired] IReadOnlyList<long> Shape,
        [property: JsonPropertyName("data_offsets"), JsonRequired] long[] DataOffsets);

    private static byte[] Header(ParameterLayout layout, IReadOnlyDictionary<string, string> metadata)
    {
        var entries = new Dictionary<string, object>
        {
            [MetadataName] = new Dictionary<string, string>(metadata) { [FormatVersionKey] = FormatVersion.ToString(CultureInfo.InvariantCulture) },
        };
        foreach (var slot in layout.Slots)
            entries[slot.Name] = EntryOf(slot);
        var json = JsonSerializer.SerializeToUtf8Bytes(entries);
        var padded = new byte[(json.Length + 7) / 8 * 8];
        padded.AsSpan().Fill((byte)' ');
        json.CopyTo(padded, 0);
        return padded;
    }
}
