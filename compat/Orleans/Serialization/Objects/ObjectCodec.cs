using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Objects;

/// <summary>An object of a class that is marked for it. Where it is of a derived class, that class's name goes first.</summary>
internal sealed class ObjectCodec<T>(TypeLevel[] levels) : Codec<T?> where T : class
{
    private readonly LevelCodec<T>[] _levels = [.. levels.Select(level => new LevelCodec<T>(level))];
    private readonly Func<T> _new = MemberAccess.Maker<T>();
    private readonly bool _shared = typeof(T).IsSealed && IsMarkedImmutable(typeof(T));

    public override bool IsImmutable => _shared;

    public override IEnumerable<Type> Parts => levels.SelectMany(level => level.Members).Select(member => member.ValueType);

    public override void Write(FrameWriter writer, T? value)
    {
        if (value?.GetType() != typeof(T))
        {
            Polymorphism.Write(writer, value);
            return;
        }

        writer.WriteByte(Polymorphism.Exact);
        writer.Depth.Enter(typeof(T));
        if (_shared) writer.Freeze();
        foreach (var level in _levels) level.Write(writer, ref value);
        if (_shared) writer.Thaw();
        writer.Depth.Leave();
    }

    public override T? Read(FrameReader reader)
    {
        var mark = reader.ReadByte();
        if (mark != Polymorphism.Exact) return Polymorphism.Read<T>(reader, mark);

        reader.Depth.Enter(typeof(T));
        var value = _new();
        foreach (var level in _levels) level.Read(reader, ref value);
        reader.Depth.Leave();
        return value;
    }

    public override T? Copy(T? value, int depth)
    {
        if (value is null || _shared) return value;
        if (value.GetType() != typeof(T)) return Polymorphism.Copy(value, depth);
        if (depth > DepthGuard.LevelsMax) throw DepthGuard.TooDeep(typeof(T));
        var copy = _new();
        foreach (var level in _levels) level.Copy(ref value, ref copy, depth + 1);
        return copy;
    }

    private static bool IsMarkedImmutable(Type type) => type.IsDefined(typeof(ImmutableAttribute), inherit: false);
}
