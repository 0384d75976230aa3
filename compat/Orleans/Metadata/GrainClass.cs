using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Metadata;

/// <summary>A grain class, checked, with what the silo needs to activate it.</summary>
internal sealed class GrainClass
{
    private readonly ObjectFactory _create;
    private readonly (ParameterInfo Parameter, IFacet Facet)[] _facets;

    public GrainClass(Type type)
    {
        Type = type;
        GrainType = NameOf(type);
        Interfaces = [.. type.GetInterfaces().Where(GrainInterface.IsCallable).Select(GrainInterface.Get)];
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        IsKeptAlive = type.IsDefined(typeof(KeepAliveAttribute), inherit: true);
        Placement = type.GetCustomAttribute<PlacementAttribute>(inherit: true)?.PlacementStrategy ?? RandomPlacement.Singleton;
        _facets = FacetsOf(type);
        _create = ActivatorUtilities.CreateFactory(type, [.. _facets.Select(facet => facet.Parameter.ParameterType)]);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public GrainInterface[] Interfaces { get; }

    public bool IsReentrant { get; }

    public bool IsKeptAlive { get; }

    public PlacementStrategy Placement { get; }

    public GrainClassEntry Entry => new(GrainType.ToString(), Type.FullName!, [.. Interfaces.Select(contract => contract.Name.ToString())]);

    public static bool IsGrainClass(Type type) => type is { IsClass: true, IsAbstract: false }
        && (typeof(IGrainBase).IsAssignableFrom(type) || typeof(IGrain).IsAssignableFrom(type))
        && !typeof(GrainReference).IsAssignableFrom(type);

    /// <summary>Makes the grain object with its services and its facets, such as persistent state.</summary>
    public object Create(IGrainContext context)
    {
        var facets = Array.ConvertAll(_facets, facet => facet.Facet.Create(context, facet.Parameter));
        return _create(context.ActivationServices, facets);
    }

    /// <summary>The class's name in lower case, less its suffix "grain", unless an attribute says otherwise.</summary>
    private static GrainType NameOf(Type type)
    {
        if (type.IsGenericType) throw new OrleansConfigurationException($"{type} is generic, which grain classes here cannot be; derive one class for each type it is used with.");
        if (type.GetCustomAttribute<GrainTypeAttribute>() is { } attribute) return attribute.GetGrainType(null, type);
        var name = type.Name.ToLowerInvariant();
        const string suffix = "grain";
        return GrainType.Create(name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name);
    }

    private static (ParameterInfo, IFacet)[] FacetsOf(Type type) =>
    [
        .. type.GetConstructors()
            .OrderByDescending(constructor => constructor.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            .ThenByDescending(constructor => constructor.GetParameters().Length)
            .Take(1)
            .SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => (parameter, parameter.GetCustomAttributes().OfType<IFacet>().FirstOrDefault()))
            .Where(pair => pair.Item2 is not null)
            .Select(pair => (pair.parameter, pair.Item2!)),
    ];
}

/// <summary>An attribute of a constructor parameter that says what is injected there.</summary>
internal interface IFacet
{
    object Create(IGrainContext context, ParameterInfo parameter);
}
