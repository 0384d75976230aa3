using System.Reflection;
using Orleans.Concurrency;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.References;

/// <summary>A method of a grain interface: how its calls travel, and how they are scheduled.</summary>
internal abstract class GrainMethod
{
    protected GrainMethod(GrainInterfaceType interfaceName, MethodInfo method)
    {
        Name = $"{interfaceName}.{method.Name}";
        Id = StableHash.Compute64($"{interfaceName}.{Identity(method)}");
        IsOneWay = method.ReturnType == typeof(void) || method.IsDefined(typeof(OneWayAttribute));
        IsAlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        ResponseTimeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        TakesCancellation = method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken));
    }

    public string Name { get; }

    /// <summary>The number that stands for the method on the wire; another signature is another method.</summary>
    public ulong Id { get; }

    public bool IsOneWay { get; }

    public bool IsAlwaysInterleave { get; }

    public bool IsReadOnly { get; }

    public TimeSpan? ResponseTimeout { get; }

    public bool TakesCancellation { get; }

    public abstract IEnumerable<Type> PayloadTypes { get; }

    public abstract GrainCall ReadCall(FrameReader reader);

    public override string ToString() => Name;

    private static string Identity(MethodInfo method) => method.GetCustomAttributes<AliasAttribute>().FirstOrDefault()?.Alias
        ?? $"{method.Name}({string.Join(',', method.GetParameters().Select(parameter => Serialization.TypeNames.NameOf(parameter.ParameterType)))})";
}
