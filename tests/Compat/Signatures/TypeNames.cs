namespace VaeCluster.Compat.Signatures;

/// <summary>Writes types the way the lists do: full names, dots for nesting, generic arguments in angle brackets.</summary>
internal static class TypeNames
{
    public static string Of(Type type)
    {
        if (type.IsByRef)
            return "ref " + Of(type.GetElementType()!);
        if (type.IsPointer)
            return Of(type.GetElementType()!) + "*";
        if (type.IsArray)
            return Of(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";

        return type.IsGenericParameter ? type.Name : OfNamed(type);
    }

    public static string Arguments(Type[] arguments) =>
        arguments.Length == 0 ? "" : "<" + string.Join(", ", arguments.Select(Of)) + ">";

    private static string OfNamed(Type type)
    {
        var tick = type.Name.IndexOf('`');
        var name = tick < 0 ? type.Name : type.Name[..tick];
        if (type.DeclaringType is not { } outer)
            return (type.Namespace is { } space ? space + "." : "") + name + Arguments(type.GetGenericArguments());

        // A type nested in a generic one carries the outer arguments first: the lists repeat them at both levels.
        var arguments = type.GetGenericArguments();
        var outerArity = outer.GetGenericArguments().Length;
        if (outerArity > 0 && !type.IsGenericTypeDefinition)
            outer = outer.MakeGenericType(arguments[..outerArity]);

        return OfNamed(outer) + "." + name + Arguments(arguments);
    }
}
