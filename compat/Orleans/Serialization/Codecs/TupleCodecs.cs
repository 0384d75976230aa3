using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Serialization.Objects;

namespace Orleans.Serialization.Codecs;

/// <summary>Tuples are objects whose members are numbered by place.</summary>
internal static class TupleCodecs
{
    public static bool IsTuple(Type type) => type.IsGenericType && typeof(ITuple).IsAssignableFrom(type)
        && (type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) || type.FullName.StartsWith("System.Tuple`", StringComparison.Ordinal));

    public static Codec Create(Type type)
    {
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        var members = fields.Select((field, place) => new MemberModel(type, (uint)place, false, field, false));
        TypeLevel[] levels = [new(type, [.. members])];
        var generic = type.IsValueType ? typeof(StructCodec<>) : typeof(ObjectCodec<>);
        return (Codec)Activator.CreateInstance(generic.MakeGenericType(type), [levels])!;
    }
}
