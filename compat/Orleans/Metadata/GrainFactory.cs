using System.Collections.Concurrent;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Metadata;

/// <summary>Makes references; a silo and a client differ in where they know the cluster's grain classes from.</summary>
internal sealed class GrainFactory(
    ReferenceFactory references, ObserverRegistry observers, Func<IEnumerable<GrainClassEntry>> classes, IServiceProvider services) : IClusterClient
{
    private readonly ConcurrentDictionary<(Type Contract, string? Prefix), GrainType> _types = new();

    public IServiceProvider ServiceProvider => services;

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        Create<TGrainInterface>(GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        Create<TGrainInterface>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return Create<TGrainInterface>(IdSpan.Create(primaryKey), grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId) where TGrainInterface : IAddressable =>
        references.Create<TGrainInterface>(grainId);

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType)
    {
        var contract = ApplicationParts.Types.FirstOrDefault(type => GrainInterface.IsCallable(type) && GrainInterface.NameOf(type) == interfaceType)
            ?? throw new ArgumentException($"No interface here has the name {interfaceType}.", nameof(interfaceType));
        return references.Create(grainId, contract);
    }

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver =>
        references.Create<TGrainObserverInterface>(observers.Add(obj, typeof(TGrainObserverInterface)));

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => observers.Remove(obj);

    private T Create<T>(IdSpan key, string? prefix) where T : IAddressable
    {
        var type = _types.GetOrAdd((typeof(T), prefix), static (name, known) => GrainTypeResolver.Resolve(name.Contract, name.Prefix, known()), classes);
        return references.Create<T>(GrainId.Create(type, key));
    }
}
