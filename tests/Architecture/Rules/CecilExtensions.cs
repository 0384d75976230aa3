using Mono.Cecil;

namespace VaeCluster.Architecture.Tests.Rules;

/// <summary>Questions that every rule asks of types and methods.</summary>
internal static class CecilExtensions
{
    /// <summary>All methods with a body, also those of nested types.</summary>
    public static IEnumerable<MethodDefinition> Methods(this ModuleDefinition module) =>
        module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);

    /// <summary>Whether a method is declared by a type of that full name, whatever its type arguments.</summary>
    public static bool IsOf(this MethodReference method, string type) => method.DeclaringType.GetElementType().FullName == type;

    /// <summary>Whether a type is a class derived from <c>Orleans.Grain</c>.</summary>
    public static bool IsGrain(this TypeReference type)
    {
        for (var ancestor = type.Resolve(); ancestor is not null; ancestor = ancestor.BaseType?.Resolve())
        {
            if (ancestor.FullName == "Orleans.Grain")
                return true;
        }
        return false;
    }

    /// <summary>Whether the compiler has made a type or method: a closure, a lambda, a local function, a state machine.</summary>
    public static bool IsGenerated(this MethodDefinition method) =>
        method.Name.Contains('<', StringComparison.Ordinal) || method.DeclaringType.Name.Contains('<', StringComparison.Ordinal);

    /// <summary>Whether a method is the body of an async method, which the compiler has moved there.</summary>
    public static bool IsAsyncBody(this MethodDefinition method) =>
        method.Name == "MoveNext" && method.DeclaringType.Interfaces.Any(i => i.InterfaceType.Name == "IAsyncStateMachine");
}
