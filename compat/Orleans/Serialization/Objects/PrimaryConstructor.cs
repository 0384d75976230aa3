using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Orleans.Serialization.Objects;

/// <summary>Finds the primary constructor, whose parameters number the properties that they become.</summary>
internal static class PrimaryConstructor
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static ParameterInfo[] ParametersOf(Type type)
    {
        var option = type.GetCustomAttribute<GenerateSerializerAttribute>();
        var properties = type.GetProperties(Declared);
        var record = IsRecord(type);
        var constructor = type.GetConstructors(Declared)
            .Where(candidate => candidate.GetParameters() is { Length: > 0 } parameters && parameters.All(Becomes))
            .MaxBy(candidate => candidate.GetParameters().Length);
        return constructor is not null && (record || IsStored(constructor) || option?.IncludePrimaryConstructorParameters == true)
            ? constructor.GetParameters()
            : [];

        bool Becomes(ParameterInfo parameter) => properties.Any(property => Matches(parameter, property) && (record ? property.Name == parameter.Name : true));

        bool IsStored(ConstructorInfo candidate) => candidate.GetParameters().All(parameter => properties.Any(property =>
            property.Name == parameter.Name && property.GetMethod?.IsDefined(typeof(CompilerGeneratedAttribute)) == true
            && property.SetMethod?.IsDefined(typeof(CompilerGeneratedAttribute)) == true));
    }

    public static bool Matches(ParameterInfo parameter, PropertyInfo property) =>
        parameter.ParameterType == property.PropertyType && Canonical(parameter.Name!) == Canonical(property.Name);

    private static bool IsRecord(Type type) =>
        type.GetMethod("PrintMembers", Declared, [typeof(StringBuilder)])?.IsDefined(typeof(CompilerGeneratedAttribute)) == true;

    private static string Canonical(string name)
    {
        name = name.TrimStart('_');
        return name.Length > 0 ? char.ToLowerInvariant(name[0]) + name[1..] : name;
    }
}
