using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace VaeCluster.Compat.Signatures;

/// <summary>One member as the lists write it, without its owner; null for what no user of the assembly can see.</summary>
internal static class MemberPrinter
{
    public static string EnumValue(FieldInfo field) =>
        string.Create(CultureInfo.InvariantCulture, $"{field.Name} = {Number((Enum)field.GetValue(null)!)}");

    public static string? Print(MemberInfo member) => member switch
    {
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) =>
            "ctor(" + Parameters(constructor.GetParameters(), isExtension: false) + ")" + Modifiers(constructor),
        MethodInfo method when IsVisible(method) && !IsAccessor(method) => Method(method),
        PropertyInfo property when Accessors(property).Any() => Property(property),
        EventInfo { AddMethod: { } add } @event when IsVisible(add) =>
            $"{@event.Name} : event {TypeNames.Of(@event.EventHandlerType!)}{(add.IsStatic ? " static" : "")}",
        FieldInfo field when IsVisible(field) => $"{field.Name} : field {TypeNames.Of(field.FieldType)}{(field.IsStatic ? " static" : "")}",
        _ => null,
    };

    private static string Method(MethodInfo method)
    {
        var isExtension = method.IsDefined(typeof(ExtensionAttribute), inherit: false);
        var generic = TypeNames.Arguments(method.GetGenericArguments());
        return $"{method.Name}{generic}({Parameters(method.GetParameters(), isExtension)}) : {TypeNames.Of(method.ReturnType)}{Modifiers(method)}";
    }

    private static string Property(PropertyInfo property)
    {
        var index = property.GetIndexParameters();
        var arguments = index.Length == 0 ? "" : "[" + Parameters(index, isExtension: false) + "]";
        var accessors = Accessors(property).ToList();
        // A property's modifiers other than static are not in the lists.
        var isStatic = accessors[0].IsStatic ? " static" : "";
        var verbs = string.Concat(accessors.Select(a => a.Name.Contains("get_", StringComparison.Ordinal) ? "get; " : "set; "));
        return $"{property.Name}{arguments} : {TypeNames.Of(property.PropertyType)} {{ {verbs}}}{isStatic}";
    }

    private static IEnumerable<MethodInfo> Accessors(PropertyInfo property) =>
        new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().Where(IsVisible);

    private static string Parameters(ParameterInfo[] parameters, bool isExtension) =>
        string.Join(", ", parameters.Select(p => (isExtension && p.Position == 0 ? "this " : "") + Parameter(p)));

    private static string Parameter(ParameterInfo parameter)
    {
        var type = TypeNames.Of(parameter.ParameterType);
        if (parameter.IsOut && parameter.ParameterType.IsByRef)
            type = "out" + type[3..];
        if (parameter.IsDefined(typeof(ParamArrayAttribute), inherit: false))
            type = "params " + type;
        return $"{type} {parameter.Name}" + (parameter.HasDefaultValue ? " = " + Default(parameter.RawDefaultValue) : "");
    }

    private static string Default(object? value) => value switch
    {
        null => "default",
        bool flag => flag ? "true" : "false",
        string text => "\"" + text + "\"",
        Enum choice => Number(choice).ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static long Number(Enum value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static string Modifiers(MethodBase method)
    {
        var text = (method.IsStatic ? " static" : "") + (method.IsPublic ? "" : " protected");
        // In an interface every member is abstract; an implementation that is final is no promise to heirs.
        if (method.DeclaringType!.IsInterface || method.IsFinal)
            return text;
        return text + (method.IsAbstract ? " abstract" : method.IsVirtual ? " virtual" : "");
    }

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(FieldInfo field) =>
        !field.IsSpecialName && (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly);
}
