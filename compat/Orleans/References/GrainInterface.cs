using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Serialization;

namespace Orleans.Runtime.References;

/// <summary>A grain interface, checked, with its methods and the class of its proxies.</summary>
internal sealed class GrainInterface
{
    private static readonly ConcurrentDictionary<Type, Lazy<GrainInterface>> ByType = new();
    private static readonly ConcurrentDictionary<ulong, GrainMethod> MethodsById = new();

    private GrainInterface(Type type)
    {
        GrainInterfaceRules.Check(type);
        Type = type;
        Name = NameOf(type);
        var declared = MethodsOf(type).ToArray();
        Methods = [.. declared.Select(Register)];
        Activate = ProxyBuilder.Build(type, declared);
    }

    public Type Type { get; }

    public GrainInterfaceType Name { get; }

    /// <summary>The methods, those of base interfaces included, in the order in which the proxy knows them.</summary>
    public GrainMethod[] Methods { get; }

    /// <summary>Makes a proxy.</summary>
    public Func<GrainReferenceShared, IdSpan, GrainReference> Activate { get; }

    /// <exception cref="OrleansConfigurationException">The interface breaks a rule.</exception>
    public static GrainInterface Get(Type type) => ByType.GetOrAdd(type, static t => new(() => new(t))).Value;

    public static GrainMethod? FindMethod(ulong id) => MethodsById.GetValueOrDefault(id);

    public static GrainInterfaceType NameOf(Type type) =>
        GrainInterfaceType.Create(type.GetCustomAttributes<AliasAttribute>(inherit: false).FirstOrDefault()?.Alias ?? type.FullName!);

    /// <summary>An interface through which something can be called, as against the markers that such interfaces derive from.</summary>
    public static bool IsCallable(Type type) => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)
        && (type.Assembly != typeof(GrainInterface).Assembly || type.GetMethods().Length > 0);

    public static IEnumerable<MethodInfo> MethodsOf(Type type) =>
        type.GetInterfaces().Prepend(type).SelectMany(contract => contract.GetMethods().Where(method => method.IsAbstract));

    /// <summary>Builds all codecs that calls through this interface need, so that a refusal names the method that needs them.</summary>
    public void CheckPayloads(HashSet<Type> done)
    {
        foreach (var method in Methods)
        {
            try
            {
                foreach (var type in method.PayloadTypes) CodecSet.Check(type, done);
            }
            catch (CodecNotFoundException exception)
            {
                throw new OrleansConfigurationException($"{method}: {exception.Message}", exception);
            }
        }
    }

    private static GrainMethod Register(MethodInfo declared)
    {
        var type = typeof(GrainMethod<,>).MakeGenericType(MethodShape.Arguments(declared), MethodShape.Result(declared));
        var method = (GrainMethod)Activator.CreateInstance(type, NameOf(declared.DeclaringType!), declared)!;
        var known = MethodsById.GetOrAdd(method.Id, method);
        return known.GetType() == method.GetType() && known.Name == method.Name
            ? known
            : throw new OrleansConfigurationException($"{method} and {known} have the same identity on the wire; give one of them an [Alias].");
    }
}
