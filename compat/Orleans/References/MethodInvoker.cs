using System.Linq.Expressions;
using System.Reflection;

namespace Orleans.Runtime.References;

/// <summary>Compiles the call of a method on a grain object.</summary>
internal static class MethodInvoker
{
    public static Func<object, TArgs, CancellationToken, ValueTask<TResult>> Compile<TArgs, TResult>(MethodInfo method)
    {
        var target = Expression.Parameter(typeof(object), "target");
        var arguments = Expression.Parameter(typeof(TArgs), "arguments");
        var cancellation = Expression.Parameter(typeof(CancellationToken), "cancellationToken");
        var place = 0;
        var values = method.GetParameters().Select(parameter => parameter.ParameterType == typeof(CancellationToken)
            ? (Expression)cancellation
            : Expression.Field(arguments, $"Item{++place}")).ToArray();
        var call = Expression.Call(Expression.Convert(target, method.DeclaringType!), method, values);
        return Expression.Lambda<Func<object, TArgs, CancellationToken, ValueTask<TResult>>>(Await<TResult>(call), target, arguments, cancellation).Compile();
    }

    private static Expression Await<TResult>(MethodCallExpression call)
    {
        if (call.Type == typeof(void)) return Expression.Block(call, Expression.Default(typeof(ValueTask<TResult>)));
        if (call.Type == typeof(ValueTask<TResult>)) return call;
        if (call.Type == typeof(Task<TResult>)) return Expression.New(typeof(ValueTask<TResult>).GetConstructor([typeof(Task<TResult>)])!, call);
        var adapter = call.Type == typeof(Task) ? nameof(FromTask) : nameof(FromValueTask);
        return Expression.Call(typeof(MethodInvoker).GetMethod(adapter, BindingFlags.Static | BindingFlags.NonPublic)!, call);
    }

    private static async ValueTask<Nothing> FromTask(Task task)
    {
        await task;
        return default;
    }

    private static async ValueTask<Nothing> FromValueTask(ValueTask task)
    {
        await task;
        return default;
    }
}
