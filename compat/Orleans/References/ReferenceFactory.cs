using System.Collections.Concurrent;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.References;

/// <summary>Makes references that call through one silo or client.</summary>
internal sealed class ReferenceFactory(ICallRuntime calls) : IReferenceBinder
{
    private readonly ConcurrentDictionary<(GrainType, Type), GrainReferenceShared> _shared = new();

    public ICallRuntime Calls => calls;

    public GrainReference Create(GrainId grainId, Type interfaceType)
    {
        var shared = _shared.GetOrAdd((grainId.Type, interfaceType), static (key, self) => self.Share(key.Item1, key.Item2), this);
        return shared.Contract.Activate(shared, grainId.Key);
    }

    public T Create<T>(GrainId grainId) where T : IAddressable => (T)(object)Create(grainId, typeof(T));

    private GrainReferenceShared Share(GrainType grainType, Type interfaceType) => new(grainType, GrainInterface.Get(interfaceType), this);
}
