using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Metadata;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>What a persistent state is called, and where it is kept.</summary>
public interface IPersistentStateConfiguration
{
    string StateName { get; }

    string? StorageName { get; }
}

/// <summary>Injects a persistent state into the constructor of a grain.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute : Attribute, IPersistentStateConfiguration, IFacet
{
    public PersistentStateAttribute(string stateName, string? storageName = null)
    {
        ArgumentNullException.ThrowIfNull(stateName);
        StateName = stateName;
        StorageName = storageName;
    }

    public string StateName { get; }

    public string? StorageName { get; }

    object IFacet.Create(IGrainContext context, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansConfigurationException(
                $"{parameter.Member.DeclaringType}: parameter '{parameter.Name}' has [PersistentState] but is a {type}; it must be an IPersistentState<T>.");
        }

        var storage = FindStorage(context);
        var bridge = typeof(PersistentState<>).MakeGenericType(type.GetGenericArguments());
        return Activator.CreateInstance(bridge, [StateName, context, storage])!;
    }

    private IGrainStorage FindStorage(IGrainContext context)
    {
        var storage = string.IsNullOrWhiteSpace(StorageName)
            ? context.ActivationServices.GetService<IGrainStorage>()
            : context.ActivationServices.GetKeyedService<IGrainStorage>(StorageName);
        return storage ?? throw new BadProviderConfigException(string.IsNullOrWhiteSpace(StorageName)
            ? $"No default storage provider found loading grain type {context.GrainId.Type}. Register one, for example with AddMemoryGrainStorageAsDefault()."
            : $"No storage provider named \"{StorageName}\" found loading grain type {context.GrainId.Type}. Register one under that name, for example with AddMemoryGrainStorage(\"{StorageName}\").");
    }
}
