namespace Orleans.Runtime.Metadata;

/// <summary>The grain classes that this silo can activate.</summary>
internal sealed class GrainClassMap
{
    private readonly Dictionary<GrainType, GrainClass> _classes = [];

    /// <exception cref="OrleansConfigurationException">A class, its interfaces or their messages break a rule.</exception>
    public GrainClassMap(IEnumerable<Type> types)
    {
        var checkedTypes = new HashSet<Type>();
        foreach (var type in types.Where(GrainClass.IsGrainClass)) Add(new(type), checkedTypes);
        Entries = [.. _classes.Values.Select(grainClass => grainClass.Entry)];
    }

    public GrainClassEntry[] Entries { get; }

    public GrainClass? Find(GrainType grainType) => _classes.GetValueOrDefault(grainType);

    private void Add(GrainClass grainClass, HashSet<Type> checkedTypes)
    {
        if (!_classes.TryAdd(grainClass.GrainType, grainClass))
        {
            throw new OrleansConfigurationException(
                $"{grainClass.Type.FullName} and {_classes[grainClass.GrainType].Type.FullName} are both grain type '{grainClass.GrainType}'; give one of them a [GrainType].");
        }

        foreach (var contract in grainClass.Interfaces) contract.CheckPayloads(checkedTypes);
    }
}
