using Orleans.Runtime;

namespace Orleans;

/// <summary>Names a grain class; without it the name is the class's in lower case, less its suffix "grain".</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class GrainTypeAttribute : Attribute
{
    private readonly GrainType _grainType;

    public GrainTypeAttribute(string grainType) => _grainType = GrainType.Create(grainType);

    public GrainType GetGrainType(IServiceProvider? services, Type? type) => _grainType;
}

/// <summary>Keeps activations of this class from idle collection.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class KeepAliveAttribute : Attribute;
