using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using Orleans.Runtime;

namespace Orleans.Serialization;

/// <summary>
/// The names of types on the wire: the alias, or the full name with its assembly's but no version. Only types of assemblies that
/// are loaded already are found, and a type that is found still needs a codec.
/// </summary>
internal static partial class TypeNames
{
    private const char AliasMark = '#';
    private const int LengthMax = 2048;

    private static readonly ConcurrentDictionary<Type, string> Names = new();
    private static readonly ConcurrentDictionary<string, Type> Types = new();

    public static string NameOf(Type type) => Names.GetOrAdd(type, static t =>
        AliasOf(t) is { } alias ? AliasMark + alias : Versions().Replace(t.AssemblyQualifiedName ?? t.ToString(), ""));

    public static Type Resolve(string name)
    {
        if (Types.TryGetValue(name, out var known)) return known;
        var type = (name.Length <= LengthMax ? Find(name) : null) ?? throw new SerializerException(
            $"The message carries a value of type '{name[..Math.Min(name.Length, LengthMax)]}', which this process does not know. "
            + "Reference the assembly that declares it here too, or give the type an [Alias] that stays.");
        return Types.GetOrAdd(name, type);
    }

    /// <summary>Aliases of generic types are left aside: their arguments would need a notation of their own.</summary>
    private static string? AliasOf(Type type) => type.IsGenericType || type.IsArray
        ? null
        : type.GetCustomAttributes<AliasAttribute>(inherit: false).FirstOrDefault()?.Alias;

    private static Type? Find(string name)
    {
        if (name.StartsWith(AliasMark)) return ApplicationParts.Types.FirstOrDefault(type => AliasOf(type) == name[1..]);
        try
        {
            return Type.GetType(name, FindAssembly, typeResolver: null, throwOnError: false);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or TypeLoadException or BadImageFormatException)
        {
            // Not a name at all; the refusal shows it.
            return null;
        }
    }

    private static Assembly? FindAssembly(AssemblyName name) =>
        AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => assembly.GetName().Name == name.Name);

    [GeneratedRegex(@", (Version|Culture|PublicKeyToken)=[^,\]]*")]
    private static partial Regex Versions();
}
