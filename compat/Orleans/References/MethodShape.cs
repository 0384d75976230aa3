using System.Reflection;

namespace Orleans.Runtime.References;

/// <summary>The types that stand for a method's parameters and result.</summary>
internal static class MethodShape
{
    private static readonly Type[] Tuples =
    [
        typeof(ValueTuple), typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>),
        typeof(ValueTuple<,,,,>), typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>),
    ];

    public static int ParametersMax => Tuples.Length - 1;

    /// <summary>The parameters that travel; a cancellation token is carried by other means.</summary>
    public static ParameterInfo[] Payload(MethodInfo method) =>
        [.. method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken))];

    public static Type Arguments(MethodInfo method)
    {
        Type[] types = [.. Payload(method).Select(parameter => parameter.ParameterType)];
        return types.Length == 0 ? typeof(ValueTuple) : Tuples[types.Length].MakeGenericType(types);
    }

    public static Type Result(MethodInfo method) =>
        method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : typeof(Nothing);

    public static bool IsAwaitable(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)));
}
