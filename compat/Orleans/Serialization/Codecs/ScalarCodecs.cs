using System.Diagnostics.CodeAnalysis;
using System.Net;
using Orleans.Runtime;
using Orleans.Runtime.References;
using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Codecs;

/// <summary>The codecs of numbers, times, texts, identities and blobs.</summary>
internal static class ScalarCodecs
{
    private static readonly Dictionary<Type, Codec> All = new Codec[]
    {
        Unsigned(v => v ? 1UL : 0, v => v != 0),
        Unsigned<byte>(v => v, v => checked((byte)v)),
        Unsigned<ushort>(v => v, v => checked((ushort)v)),
        Unsigned<uint>(v => v, v => checked((uint)v)),
        Unsigned<ulong>(v => v, v => v),
        Unsigned<char>(v => v, v => checked((char)v)),
        Signed<sbyte>(v => v, v => checked((sbyte)v)),
        Signed<short>(v => v, v => checked((short)v)),
        Signed<int>(v => v, v => checked((int)v)),
        Signed<long>(v => v, v => v),
        Signed<TimeSpan>(v => v.Ticks, v => new(v)),
        Signed<DateTime>(v => v.ToBinary(), DateTime.FromBinary),
        Signed<DateOnly>(v => v.DayNumber, v => DateOnly.FromDayNumber(checked((int)v))),
        Signed<TimeOnly>(v => v.Ticks, v => new(v)),
        new ScalarCodec<float>(WireKind.Fixed4, (w, v) => w.WriteFixed4(BitConverter.SingleToUInt32Bits(v)), r => BitConverter.UInt32BitsToSingle(r.ReadFixed4())),
        new ScalarCodec<double>(WireKind.Fixed8, (w, v) => w.WriteFixed8(BitConverter.DoubleToUInt64Bits(v)), r => BitConverter.UInt64BitsToDouble(r.ReadFixed8())),
        Unsigned(v => BitConverter.HalfToUInt16Bits(v), v => BitConverter.UInt16BitsToHalf(checked((ushort)v))),
        Sized<Int128>((w, v) => { w.WriteFixed8((ulong)(v >> 64)); w.WriteFixed8((ulong)v); }, r => new(r.ReadFixed8(), r.ReadFixed8())),
        Sized<UInt128>((w, v) => { w.WriteFixed8((ulong)(v >> 64)); w.WriteFixed8((ulong)v); }, r => new(r.ReadFixed8(), r.ReadFixed8())),
        Sized<decimal>(WriteDecimal, ReadDecimal),
        Sized<Guid>(WriteGuid, r => new(r.ReadBytes(16))),
        Sized<DateTimeOffset>((w, v) => { w.WriteVarInt(v.Ticks); w.WriteVarInt(v.Offset.Ticks); }, r => new(r.ReadVarInt(), new(r.ReadVarInt()))),
        Text<string>(v => v, v => v),
        Text<Uri>(v => v.OriginalString, v => new(v, UriKind.RelativeOrAbsolute)),
        Text<Version>(v => v.ToString(), Version.Parse),
        Text<IPAddress>(v => v.ToString(), IPAddress.Parse),
        Text<IPEndPoint>(v => v.ToString(), IPEndPoint.Parse),
        Text<Type>(TypeNames.NameOf, TypeNames.Resolve),
        Text<SiloAddress>(v => v.ToParsableString(), SiloAddress.FromParsableString),
        Sized((w, v) => w.WriteString(v.ToString()), r => Identity(r, IdSpan.Create)),
        Sized((w, v) => w.WriteString(v.ToString()), r => Identity(r, GrainType.Create)),
        Sized((w, v) => w.WriteString(v.ToString()), r => Identity(r, GrainInterfaceType.Create)),
        Sized<GrainId>(WriteGrainId, r => new(Identity(r, GrainType.Create), Identity(r, IdSpan.Create))),
        Sized<ActivationId>((w, v) => WriteGuid(w, v.Key), r => new(new Guid(r.ReadBytes(16)))),
        new ScalarCodec<Nothing>(WireKind.Sized, (_, _) => { }, _ => default),
        new ByteArrayCodec(),
        new MemoryCodec(),
        new ReadOnlyMemoryCodec(),
    }.ToDictionary(codec => codec.Type);

    private static readonly HashSet<Type> Blittable =
    [
        typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(Half), typeof(float), typeof(double), typeof(char), typeof(bool),
    ];

    public static bool TryGet(Type type, [NotNullWhen(true)] out Codec? codec) => All.TryGetValue(type, out codec);

    /// <summary>Whether an array of these can be written as it lies in memory. All machines that this runs on are little-endian.</summary>
    public static bool IsBlittable(Type element) => Blittable.Contains(element);

    private static ScalarCodec<T> Unsigned<T>(Func<T, ulong> to, Func<ulong, T> from) =>
        new(WireKind.VarInt, (w, v) => w.WriteVarUInt(to(v)), r => from(r.ReadVarUInt()));

    private static ScalarCodec<T> Signed<T>(Func<T, long> to, Func<long, T> from) =>
        new(WireKind.VarInt, (w, v) => w.WriteVarInt(to(v)), r => from(r.ReadVarInt()));

    private static ScalarCodec<T> Sized<T>(Action<FrameWriter, T> write, Func<FrameReader, T> read) => new(WireKind.Sized, write, read);

    private static ScalarCodec<T> Text<T>(Func<T, string> to, Func<string, T> from) where T : class => new(
        WireKind.Sized,
        (w, v) => w.WriteString(v is null ? null : to(v)),
        r => r.ReadString() is { } text ? from(text) : null!);

    private static T Identity<T>(FrameReader reader, Func<string, T> create) where T : struct =>
        reader.ReadString() is { Length: > 0 } text ? create(text) : default;

    private static void WriteGrainId(FrameWriter writer, GrainId value)
    {
        writer.WriteString(value.Type.ToString());
        writer.WriteString(value.Key.ToString());
    }

    private static void WriteGuid(FrameWriter writer, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes);
        writer.WriteBytes(bytes);
    }

    private static void WriteDecimal(FrameWriter writer, decimal value)
    {
        foreach (var part in decimal.GetBits(value)) writer.WriteFixed4((uint)part);
    }

    private static decimal ReadDecimal(FrameReader reader) =>
        new([(int)reader.ReadFixed4(), (int)reader.ReadFixed4(), (int)reader.ReadFixed4(), (int)reader.ReadFixed4()]);
}
