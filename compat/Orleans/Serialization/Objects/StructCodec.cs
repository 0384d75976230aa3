using Orleans.Concurrency;
using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Objects;

/// <summary>A struct that is marked for it, or a tuple.</summary>
internal sealed class StructCodec<T>(TypeLevel[] levels) : Codec<T> where T : struct
{
    private readonly LevelCodec<T>[] _levels = [.. levels.Select(level => new LevelCodec<T>(level))];
    private readonly bool _shared = typeof(T).IsDefined(typeof(ImmutableAttribute), inherit: false)
        || (typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(Immutable<>));

    public override bool IsImmutable => _shared;

    public override IEnumerable<Type> Parts => levels.SelectMany(level => level.Members).Select(member => member.ValueType);

    public override void Write(FrameWriter writer, T value)
    {
        writer.Depth.Enter(typeof(T));
        if (_shared) writer.Freeze();
        foreach (var level in _levels) level.Write(writer, ref value);
        if (_shared) writer.Thaw();
        writer.Depth.Leave();
    }

    public override T Read(FrameReader reader)
    {
        reader.Depth.Enter(typeof(T));
        var value = default(T);
        foreach (var level in _levels) level.Read(reader, ref value);
        reader.Depth.Leave();
        return value;
    }

    public override T Copy(T value, int depth)
    {
        if (_shared) return value;
        if (depth > DepthGuard.LevelsMax) throw DepthGuard.TooDeep(typeof(T));
        var copy = default(T);
        foreach (var level in _levels) level.Copy(ref value, ref copy, depth + 1);
        return copy;
    }
}
