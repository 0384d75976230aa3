using System.Runtime.CompilerServices;
using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Codecs;

internal sealed class EnumCodec<TEnum, TUnderlying> : Codec<TEnum>
    where TEnum : struct, Enum
    where TUnderlying : struct
{
    private readonly Codec<TUnderlying> _values = CodecSet.Get<TUnderlying>();

    public override WireKind Kind => WireKind.VarInt;

    public override bool IsImmutable => true;

    public override void Write(FrameWriter writer, TEnum value) => _values.Write(writer, Unsafe.BitCast<TEnum, TUnderlying>(value));

    public override TEnum Read(FrameReader reader) => Unsafe.BitCast<TUnderlying, TEnum>(_values.Read(reader));

    public override TEnum Copy(TEnum value, int depth) => value;
}
