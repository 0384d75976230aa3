using System.Reflection;
using System.Reflection.Emit;

namespace Orleans.Serialization.Objects;

internal delegate TValue Getter<TOwner, out TValue>(ref TOwner owner);

internal delegate void Setter<TOwner, in TValue>(ref TOwner owner, TValue value);

/// <summary>Compiled access to members, private and read-only ones included: a record's properties are set once, and this is that once.</summary>
internal static class MemberAccess
{
    public static Getter<TOwner, TValue> Getter<TOwner, TValue>(MemberInfo member)
    {
        var method = NewMethod("get_" + member.Name, typeof(TValue), typeof(TOwner).MakeByRefType());
        var il = method.GetILGenerator();
        LoadOwner<TOwner>(il);
        if (member is FieldInfo field) il.Emit(OpCodes.Ldfld, field);
        else il.Emit(typeof(TOwner).IsValueType ? OpCodes.Call : OpCodes.Callvirt, ((PropertyInfo)member).GetMethod!);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Getter<TOwner, TValue>>();
    }

    public static Setter<TOwner, TValue> Setter<TOwner, TValue>(MemberInfo member)
    {
        var method = NewMethod("set_" + member.Name, typeof(void), typeof(TOwner).MakeByRefType(), typeof(TValue));
        var il = method.GetILGenerator();
        LoadOwner<TOwner>(il);
        il.Emit(OpCodes.Ldarg_1);
        if (member is FieldInfo field) il.Emit(OpCodes.Stfld, field);
        else il.Emit(typeof(TOwner).IsValueType ? OpCodes.Call : OpCodes.Callvirt, ((PropertyInfo)member).SetMethod!);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Setter<TOwner, TValue>>();
    }

    /// <summary>Makes an object with its parameterless constructor, or without one as the real serializer does.</summary>
    public static Func<T> Maker<T>() where T : class
    {
        var constructor = typeof(T).GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []);
        if (constructor is null) return static () => (T)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(T));
        var method = NewMethod("new_" + typeof(T).Name, typeof(T));
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<T>>();
    }

    private static DynamicMethod NewMethod(string name, Type result, params Type[] parameters) =>
        new(name, result, parameters, typeof(MemberAccess).Module, skipVisibility: true);

    /// <summary>A field of a class is reached through the object, one of a struct through its place.</summary>
    private static void LoadOwner<TOwner>(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_0);
        if (!typeof(TOwner).IsValueType) il.Emit(OpCodes.Ldind_Ref);
    }
}
