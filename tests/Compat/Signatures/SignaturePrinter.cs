using System.Reflection;

namespace VaeCluster.Compat.Signatures;

/// <summary>
/// Says what an assembly offers to its users, one signature each: everything public or protected of every
/// public type. A type that only heirs can see is skipped, as the lists skip it.
/// </summary>
internal static class SignaturePrinter
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<Signature> Print(Assembly assembly) =>
        [.. assembly.GetTypes().Where(IsVisible).SelectMany(Print).OrderBy(s => s.Line, StringComparer.Ordinal)];

    private static IEnumerable<Signature> Print(Type type)
    {
        var owner = TypeNames.Of(type);
        return Members(type).Select(member => new Signature(owner, member)).Prepend(new Signature(owner, "", KindOf(type), BasesOf(type)));
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(MemberPrinter.EnumValue);

        return type.GetMembers(Declared).Select(MemberPrinter.Print).OfType<string>();
    }

    private static bool IsVisible(Type type) =>
        type.IsNested ? type.IsNestedPublic && IsVisible(type.DeclaringType!) : type.IsPublic;

    private static string KindOf(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { BaseType: var parent } when parent == typeof(MulticastDelegate) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static List<string> BasesOf(Type type)
    {
        if (type.IsEnum)
            return [];
        if (type.BaseType == typeof(MulticastDelegate))
            return [TypeNames.Of(type.BaseType)];

        var bases = new List<string>();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            bases.Add(TypeNames.Of(parent));

        var inherited = type.BaseType?.GetInterfaces() ?? [];
        bases.AddRange(type.GetInterfaces().Where(i => i.IsVisible).Except(inherited).Select(TypeNames.Of).Order(StringComparer.Ordinal));
        return bases;
    }
}
