using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Codecs;

internal sealed class NullableCodec<T> : Codec<T?> where T : struct
{
    private Codec<T>? _values;

    public override IEnumerable<Type> Parts => [typeof(T)];

    public override bool IsImmutable => Values.IsImmutable;

    private Codec<T> Values => _values ??= CodecSet.Get<T>();

    public override void Write(FrameWriter writer, T? value)
    {
        writer.WriteByte(value.HasValue ? (byte)1 : (byte)0);
        if (value.HasValue) Values.Write(writer, value.GetValueOrDefault());
    }

    public override T? Read(FrameReader reader) => reader.ReadByte() == 0 ? null : Values.Read(reader);

    public override T? Copy(T? value, int depth) => value.HasValue ? Values.Copy(value.GetValueOrDefault(), depth) : null;
}
