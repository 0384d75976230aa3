using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Objects;

/// <summary>The members of one class of an inheritance chain: each with its number and kind, ended by a zero.</summary>
internal sealed class LevelCodec<TOwner>
{
    private readonly MemberCodec<TOwner>[] _members;
    private readonly Dictionary<ulong, MemberCodec<TOwner>> _byId;

    public LevelCodec(TypeLevel level)
    {
        _members = [.. level.Members.Select(Create)];
        _byId = _members.ToDictionary(member => member.WireId);
    }

    public void Write(FrameWriter writer, ref TOwner owner)
    {
        foreach (var member in _members) member.Write(writer, ref owner);
        writer.WriteByte(0);
    }

    /// <summary>Unknown members are stepped over; missing ones keep what the constructor gave them.</summary>
    public void Read(FrameReader reader, ref TOwner owner)
    {
        var next = 0;
        while (reader.ReadVarUInt() is var tag && tag != 0)
        {
            var kind = (WireKind)((tag - 1) & 3);
            var id = (tag - 1) >> 2;

            // Members come in the order in which they are written here, unless the other side is of another version.
            var member = next < _members.Length && _members[next].WireId == id ? _members[next] : _byId.GetValueOrDefault(id);
            next++;
            if (member is null) reader.Skip(kind);
            else member.Read(reader, ref owner, kind);
        }
    }

    public void Copy(ref TOwner from, ref TOwner to, int depth)
    {
        foreach (var member in _members) member.Copy(ref from, ref to, depth);
    }

    private static MemberCodec<TOwner> Create(MemberModel model) =>
        (MemberCodec<TOwner>)Activator.CreateInstance(typeof(MemberCodec<,>).MakeGenericType(typeof(TOwner), model.ValueType), [model])!;
}
