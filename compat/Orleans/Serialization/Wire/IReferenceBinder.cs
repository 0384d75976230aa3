using Orleans.Runtime;

namespace Orleans.Serialization.Wire;

/// <summary>Makes references out of the identities that a message carries.</summary>
internal interface IReferenceBinder
{
    GrainReference Create(GrainId grainId, Type interfaceType);
}
