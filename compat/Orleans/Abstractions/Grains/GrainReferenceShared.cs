using Orleans.Runtime.References;

namespace Orleans.Runtime;

/// <summary>What all references of one grain type and interface have in common.</summary>
public class GrainReferenceShared
{
    internal GrainReferenceShared(GrainType grainType, GrainInterface contract, ReferenceFactory references)
    {
        GrainType = grainType;
        Contract = contract;
        References = references;
    }

    public GrainType GrainType { get; }

    public GrainInterfaceType InterfaceType => Contract.Name;

    internal GrainInterface Contract { get; }

    internal ReferenceFactory References { get; }
}
