using System.Collections.Immutable;
using Orleans.Runtime;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Objects;

namespace Orleans.Serialization;

/// <summary>Decides which codec a type gets.</summary>
internal static class CodecFactory
{
    private static readonly Dictionary<Type, Type> Generics = new()
    {
        [typeof(Nullable<>)] = typeof(NullableCodec<>),
        [typeof(List<>)] = typeof(ListCodec<>),
        [typeof(HashSet<>)] = typeof(HashSetCodec<>),
        [typeof(Dictionary<,>)] = typeof(DictionaryCodec<,>),
        [typeof(ImmutableArray<>)] = typeof(ImmutableArrayCodec<>),
        [typeof(KeyValuePair<,>)] = typeof(KeyValuePairCodec<,>),
    };

    public static Codec Create(Type type)
    {
        if (ScalarCodecs.TryGet(type, out var scalar)) return scalar;
        if (type.IsArray) return CreateArray(type);
        if (type.IsEnum) return Make(typeof(EnumCodec<,>), type, type.GetEnumUnderlyingType());
        if (type.IsGenericType && Generics.TryGetValue(type.GetGenericTypeDefinition(), out var generic)) return Make(generic, type.GetGenericArguments());
        if (TupleCodecs.IsTuple(type)) return TupleCodecs.Create(type);
        if (typeof(Exception).IsAssignableFrom(type)) return Make(typeof(ExceptionCodec<>), type);
        if (typeof(IAddressable).IsAssignableFrom(type) && (type.IsInterface || typeof(GrainReference).IsAssignableFrom(type)))
        {
            return Make(typeof(ReferenceCodec<>), type);
        }

        if (type == typeof(object) || type.IsInterface) return Make(typeof(PolymorphicCodec<>), type);
        return CreateObject(type);
    }

    private static Codec CreateArray(Type type)
    {
        if (type.GetArrayRank() != 1)
        {
            throw new CodecNotFoundException($"{type} cannot be sent: arrays of more than one dimension are not supported; send a flat array and its shape.");
        }

        var element = type.GetElementType()!;
        return Make(ScalarCodecs.IsBlittable(element) ? typeof(UnmanagedArrayCodec<>) : typeof(ArrayCodec<>), element);
    }

    private static Codec CreateObject(Type type)
    {
        var levels = TypeModel.Build(type);
        if (type.IsAbstract) return Make(typeof(PolymorphicCodec<>), type);
        return (Codec)Activator.CreateInstance(
            (type.IsValueType ? typeof(StructCodec<>) : typeof(ObjectCodec<>)).MakeGenericType(type), [levels])!;
    }

    private static Codec Make(Type generic, params Type[] arguments) =>
        (Codec)Activator.CreateInstance(generic.MakeGenericType(arguments))!;
}
