using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;

namespace Orleans.Runtime.References;

/// <summary>
/// Emits the class of an interface's proxies. Each method packs its arguments into a tuple and hands it, with its number, to
/// <see cref="GrainReference"/>.
/// </summary>
internal static class ProxyBuilder
{
    private static readonly Lock Sync = new();
    private static readonly HashSet<string> Opened = [];
    private static readonly AssemblyBuilder Assembly = AssemblyBuilder.DefineDynamicAssembly(new("Orleans.Proxies"), AssemblyBuilderAccess.Run);
    private static readonly ModuleBuilder Module = Assembly.DefineDynamicModule("Orleans.Proxies");
    private static int _count;

    public static Func<GrainReferenceShared, IdSpan, GrainReference> Build(Type contract, MethodInfo[] methods)
    {
        lock (Sync)
        {
            Open(typeof(GrainReference).Assembly);
            foreach (var type in methods.SelectMany(TypesOf).Append(contract).Concat(contract.GetInterfaces())) Open(type.Assembly);
            var proxy = Module.DefineType($"Proxy{++_count}_{contract.Name}", TypeAttributes.Class | TypeAttributes.Sealed, typeof(GrainReference), [contract]);
            DefineConstructor(proxy);
            for (var i = 0; i < methods.Length; i++) DefineMethod(proxy, methods[i], i);
            return Activator(proxy.CreateType());
        }
    }

    /// <summary>Interfaces and messages may be internal to their assembly; the proxies' assembly is let in, as generated code would be.</summary>
    private static void Open(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        if (!Opened.Add(name)) return;
        var constructor = typeof(System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        Assembly.SetCustomAttribute(new(constructor, [name]));
    }

    private static IEnumerable<Type> TypesOf(MethodInfo method) => Expand(method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType));

    private static IEnumerable<Type> Expand(IEnumerable<Type> types) =>
        types.SelectMany(type => type.HasElementType ? Expand([type.GetElementType()!]) : Expand(type.GetGenericArguments()).Append(type));

    private static void DefineConstructor(TypeBuilder proxy)
    {
        Type[] parameters = [typeof(GrainReferenceShared), typeof(IdSpan)];
        var il = proxy.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, parameters)!);
        il.Emit(OpCodes.Ret);
    }

    private static void DefineMethod(TypeBuilder proxy, MethodInfo method, int number)
    {
        var parameters = method.GetParameters();
        var builder = proxy.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            method.ReturnType,
            [.. parameters.Select(parameter => parameter.ParameterType)]);
        var il = builder.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, number);
        LoadArguments(il, method, parameters);
        LoadCancellation(il, parameters);
        il.Emit(OpCodes.Call, Target(method));
        il.Emit(OpCodes.Ret);
        proxy.DefineMethodOverride(builder, method);
    }

    private static void LoadArguments(ILGenerator il, MethodInfo method, ParameterInfo[] parameters)
    {
        var tuple = MethodShape.Arguments(method);
        if (tuple == typeof(ValueTuple))
        {
            LoadDefault(il, tuple);
            return;
        }

        foreach (var parameter in parameters)
        {
            if (parameter.ParameterType != typeof(CancellationToken)) il.Emit(OpCodes.Ldarg, parameter.Position + 1);
        }

        il.Emit(OpCodes.Newobj, tuple.GetConstructor(tuple.GetGenericArguments())!);
    }

    private static void LoadCancellation(ILGenerator il, ParameterInfo[] parameters)
    {
        var token = Array.Find(parameters, parameter => parameter.ParameterType == typeof(CancellationToken));
        if (token is null) LoadDefault(il, typeof(CancellationToken));
        else il.Emit(OpCodes.Ldarg, token.Position + 1);
    }

    private static void LoadDefault(ILGenerator il, Type type)
    {
        var local = il.DeclareLocal(type);
        il.Emit(OpCodes.Ldloca, local);
        il.Emit(OpCodes.Initobj, type);
        il.Emit(OpCodes.Ldloc, local);
    }

    private static MethodInfo Target(MethodInfo method)
    {
        var name = method.ReturnType switch
        {
            var type when type == typeof(void) => nameof(GrainReference.CallVoid),
            var type when type == typeof(Task) => nameof(GrainReference.CallTask),
            var type when type == typeof(ValueTask) => nameof(GrainReference.CallValueTask),
            var type when type.GetGenericTypeDefinition() == typeof(Task<>) => nameof(GrainReference.CallTaskOf),
            _ => nameof(GrainReference.CallValueTaskOf),
        };
        var target = typeof(GrainReference).GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic)!;
        return target.GetGenericArguments().Length == 1
            ? target.MakeGenericMethod(MethodShape.Arguments(method))
            : target.MakeGenericMethod(MethodShape.Arguments(method), MethodShape.Result(method));
    }

    private static Func<GrainReferenceShared, IdSpan, GrainReference> Activator(Type proxy)
    {
        var shared = Expression.Parameter(typeof(GrainReferenceShared));
        var key = Expression.Parameter(typeof(IdSpan));
        return Expression.Lambda<Func<GrainReferenceShared, IdSpan, GrainReference>>(
            Expression.New(proxy.GetConstructors()[0], shared, key), shared, key).Compile();
    }
}
