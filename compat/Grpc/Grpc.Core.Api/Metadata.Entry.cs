using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    // What HTTP/2 allows in a gRPC key; upper case letters are taken and lowered.
    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    public class Entry
    {
        private readonly string? _text;
        private readonly byte[]? _bytes;

        public Entry(string key, byte[] valueBytes)
        {
            Key = Normalize(key);
            if (!Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal))
                throw new ArgumentException($"The metadata key '{key}' has a binary value; such a key must end with '{BinaryHeaderSuffix}'.");

            ArgumentNullException.ThrowIfNull(valueBytes);
            _bytes = [.. valueBytes];
        }

        public Entry(string key, string value)
        {
            Key = Normalize(key);
            if (Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal))
                throw new ArgumentException($"The metadata key '{key}' ends with '{BinaryHeaderSuffix}', which is for binary values; give bytes or drop the suffix.");

            ArgumentNullException.ThrowIfNull(value);
            _text = value;
        }

        public string Key { get; }

        public bool IsBinary => _text is null;

        public string Value => _text
            ?? throw new InvalidOperationException($"The metadata entry '{Key}' is binary and has no text; read ValueBytes.");

        // A copy, both ways: an entry never changes.
        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(_text!) : [.. _bytes];

        public override string ToString() =>
            IsBinary ? $"[Entry: key={Key}, valueBytes={_bytes}]" : $"[Entry: key={Key}, value={_text}]";

        internal bool HasKey(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        private static string Normalize(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
            if (key.AsSpan().ContainsAnyExcept(KeyCharacters))
                throw new ArgumentException($"'{key}' is no metadata key: one may hold only letters, digits, '.', '_' and '-'.");
            return key.ToLowerInvariant();
        }
    }
}
