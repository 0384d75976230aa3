using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Objects;

/// <summary>Moves one member of an object or a struct.</summary>
internal abstract class MemberCodec<TOwner>(MemberModel model)
{
    public ulong WireId { get; } = model.WireId;

    public string Name { get; } = model.Name;

    public abstract void Write(FrameWriter writer, ref TOwner owner);

    public abstract void Read(FrameReader reader, ref TOwner owner, WireKind kind);

    public abstract void Copy(ref TOwner from, ref TOwner to, int depth);
}

/// <inheritdoc cref="MemberCodec{TOwner}"/>
internal sealed class MemberCodec<TOwner, TValue>(MemberModel model) : MemberCodec<TOwner>(model)
{
    private readonly Getter<TOwner, TValue> _get = MemberAccess.Getter<TOwner, TValue>(model.Member);
    private readonly Setter<TOwner, TValue> _set = MemberAccess.Setter<TOwner, TValue>(model.Member);
    private readonly bool _immutable = model.IsImmutable;
    private Codec<TValue>? _codec;

    /// <summary>Found at first use, since a type may contain itself.</summary>
    private Codec<TValue> Codec => _codec ??= CodecSet.Get<TValue>();

    public override void Write(FrameWriter writer, ref TOwner owner)
    {
        var kind = Codec.Kind;
        writer.WriteVarUInt(((WireId << 2) | (ulong)kind) + 1);
        var begin = kind == WireKind.Sized ? writer.BeginSized() : 0;
        if (_immutable) writer.Freeze();
        Codec.Write(writer, _get(ref owner));
        if (_immutable) writer.Thaw();
        if (kind == WireKind.Sized) writer.EndSized(begin);
    }

    public override void Read(FrameReader reader, ref TOwner owner, WireKind kind)
    {
        if (kind != Codec.Kind)
        {
            throw new SerializerException($"{typeof(TOwner)}.{Name} arrived as {kind}; here it is a {typeof(TValue)}, which is {Codec.Kind}. A member's type must not change: give the new one a new [Id].");
        }

        var end = kind == WireKind.Sized ? reader.BeginSized() : 0;
        _set(ref owner, Codec.Read(reader));
        if (kind == WireKind.Sized) reader.EndSized(end);
    }

    public override void Copy(ref TOwner from, ref TOwner to, int depth)
    {
        var value = _get(ref from);
        _set(ref to, _immutable ? value : Codec.Copy(value, depth));
    }
}
