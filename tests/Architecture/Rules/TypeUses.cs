using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VaeCluster.Architecture.Tests.Rules;

/// <summary>
/// The types that a type names: in its declaration, its members' signatures, their attributes and their bodies. Constants and <c>nameof</c> leave no
/// trace in an assembly, so they are not seen.
/// </summary>
internal static class TypeUses
{
    /// <summary>The types that a type and its nested types name, without their type arguments.</summary>
    public static IReadOnlySet<TypeReference> Of(TypeDefinition type)
    {
        var used = new HashSet<TypeReference>(ByFullName.Instance);
        foreach (var reference in Named(type).SelectMany(Parts))
            used.Add(reference);
        return used;
    }

    private static IEnumerable<TypeReference?> Named(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. type.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
        .. Attributes(type),
        .. type.Fields.Select(field => field.FieldType),
        .. type.Fields.SelectMany(Attributes),
        .. type.Properties.SelectMany(Attributes),
        .. type.Methods.SelectMany(Named),
        .. type.NestedTypes.SelectMany(Named),
    ];

    private static IEnumerable<TypeReference?> Named(MethodDefinition method) =>
    [
        .. Signature(method),
        .. Attributes(method),
        .. method.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
        .. method.HasBody ? Named(method.Body) : [],
    ];

    private static IEnumerable<TypeReference?> Named(MethodBody body) =>
    [
        .. body.Variables.Select(variable => variable.VariableType),
        .. body.ExceptionHandlers.Select(handler => handler.CatchType),
        .. body.Instructions.SelectMany(instruction => Operand(instruction.Operand)),
    ];

    private static IEnumerable<TypeReference?> Operand(object? operand) => operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [method.DeclaringType, .. Signature(method.ElementMethod), .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, .. Signature(method)],
        _ => [],
    };

    private static IEnumerable<TypeReference?> Signature(MethodReference method) =>
        [method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType)];

    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider member) =>
        member.CustomAttributes.SelectMany(attribute => (TypeReference?[])
        [
            attribute.AttributeType,
            .. attribute.ConstructorArguments.Concat(attribute.Properties.Select(property => property.Argument)).Select(argument => argument.Value as TypeReference),
        ]);

    /// <summary>The outermost type that is declared, and the same of each type argument.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [.. Parts(generic.ElementType), .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification specification => Parts(specification.ElementType),
        { DeclaringType: { } outer } => Parts(outer),
        _ => [type],
    };

    private sealed class ByFullName : IEqualityComparer<TypeReference>
    {
        public static ByFullName Instance { get; } = new();

        public bool Equals(TypeReference? x, TypeReference? y) => x?.FullName == y?.FullName;

        public int GetHashCode(TypeReference obj) => obj.FullName.GetHashCode(StringComparison.Ordinal);
    }
}
