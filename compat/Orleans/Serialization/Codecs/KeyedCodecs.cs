using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Codecs;

internal sealed class HashSetCodec<T> : CollectionCodec<HashSet<T>, T>
{
    protected override int Count(HashSet<T> value) => value.Count;

    protected override IEnumerable<T> Enumerate(HashSet<T> value) => value;

    protected override HashSet<T> Rebuild(HashSet<T>? like, List<T> items) => new(items, like?.Comparer);

    protected override void WriteHeader(FrameWriter writer, HashSet<T> value) => Comparers.Write(writer, Type, value.Comparer);

    protected override Func<List<T>, HashSet<T>> ReadHeader(FrameReader reader)
    {
        var comparer = Comparers.Read<T>(reader);
        return items => new(items, comparer);
    }
}

internal sealed class DictionaryCodec<TKey, TValue> : CollectionCodec<Dictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    protected override int Count(Dictionary<TKey, TValue> value) => value.Count;

    protected override IEnumerable<KeyValuePair<TKey, TValue>> Enumerate(Dictionary<TKey, TValue> value) => value;

    protected override Dictionary<TKey, TValue> Rebuild(Dictionary<TKey, TValue>? like, List<KeyValuePair<TKey, TValue>> items) =>
        new(items, like?.Comparer);

    protected override void WriteHeader(FrameWriter writer, Dictionary<TKey, TValue> value) => Comparers.Write(writer, Type, value.Comparer);

    protected override Func<List<KeyValuePair<TKey, TValue>>, Dictionary<TKey, TValue>> ReadHeader(FrameReader reader)
    {
        var comparer = Comparers.Read<TKey>(reader);
        return items => new(items, comparer);
    }
}

internal sealed class KeyValuePairCodec<TKey, TValue> : Codec<KeyValuePair<TKey, TValue>>
{
    private Codec<TKey>? _keys;
    private Codec<TValue>? _values;

    public override IEnumerable<Type> Parts => [typeof(TKey), typeof(TValue)];

    private Codec<TKey> Keys => _keys ??= CodecSet.Get<TKey>();

    private Codec<TValue> Values => _values ??= CodecSet.Get<TValue>();

    public override void Write(FrameWriter writer, KeyValuePair<TKey, TValue> value)
    {
        Keys.Write(writer, value.Key);
        Values.Write(writer, value.Value);
    }

    public override KeyValuePair<TKey, TValue> Read(FrameReader reader) => new(Keys.Read(reader), Values.Read(reader));

    public override KeyValuePair<TKey, TValue> Copy(KeyValuePair<TKey, TValue> value, int depth) =>
        new(Keys.Copy(value.Key, depth), Values.Copy(value.Value, depth));
}

/// <summary>The comparers that can travel: the default one and the ordinal ones of texts.</summary>
internal static class Comparers
{
    public static void Write<T>(FrameWriter writer, Type collection, IEqualityComparer<T> comparer)
    {
        byte code = comparer switch
        {
            _ when comparer.Equals(EqualityComparer<T>.Default) => 0,
            StringComparer text when text.Equals(StringComparer.Ordinal) => 1,
            StringComparer text when text.Equals(StringComparer.OrdinalIgnoreCase) => 2,
            _ => throw new SerializerException(
                $"A {collection} that compares with {comparer.GetType()} cannot be sent; use the default comparer, "
                + "StringComparer.Ordinal or StringComparer.OrdinalIgnoreCase."),
        };
        writer.WriteByte(code);
    }

    public static IEqualityComparer<T>? Read<T>(FrameReader reader) => reader.ReadByte() switch
    {
        0 => null,
        1 => (IEqualityComparer<T>)(object)StringComparer.Ordinal,
        2 => (IEqualityComparer<T>)(object)StringComparer.OrdinalIgnoreCase,
        var other => throw new SerializerException($"The message names comparer {other}; there are 0, 1 and 2."),
    };
}
