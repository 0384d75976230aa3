using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Codecs;

/// <summary>A collection of items, or null.</summary>
internal abstract class CollectionCodec<TCollection, TItem> : Codec<TCollection>
{
    private Codec<TItem>? _items;

    public override IEnumerable<Type> Parts => [typeof(TItem)];

    protected Codec<TItem> Items => _items ??= CodecSet.Get<TItem>();

    public override void Write(FrameWriter writer, TCollection value)
    {
        if (IsNull(value))
        {
            writer.WriteByte(0);
            return;
        }

        writer.WriteByte(1);
        writer.Depth.Enter(Type);
        WriteHeader(writer, value);
        writer.WriteVarUInt((ulong)Count(value));
        foreach (var item in Enumerate(value)) Items.Write(writer, item);
        writer.Depth.Leave();
    }

    public override TCollection Read(FrameReader reader)
    {
        if (reader.ReadByte() == 0) return default!;
        reader.Depth.Enter(Type);
        var make = ReadHeader(reader);
        var items = new List<TItem>();
        for (var count = reader.ReadCount(); count > 0; count--) items.Add(Items.Read(reader));
        reader.Depth.Leave();
        return make(items);
    }

    public override TCollection Copy(TCollection value, int depth)
    {
        if (IsNull(value)) return value;
        if (depth > DepthGuard.LevelsMax) throw DepthGuard.TooDeep(Type);
        var items = new List<TItem>(Count(value));
        foreach (var item in Enumerate(value)) items.Add(Items.Copy(item, depth + 1));
        return Rebuild(value, items);
    }

    protected virtual bool IsNull(TCollection value) => value is null;

    protected abstract int Count(TCollection value);

    protected abstract IEnumerable<TItem> Enumerate(TCollection value);

    protected abstract TCollection Rebuild(TCollection? like, List<TItem> items);

    protected virtual void WriteHeader(FrameWriter writer, TCollection value)
    {
    }

    protected virtual Func<List<TItem>, TCollection> ReadHeader(FrameReader reader) => items => Rebuild(default, items);
}
