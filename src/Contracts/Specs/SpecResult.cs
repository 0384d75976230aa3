using System.Diagnostics.CodeAnalysis;

namespace VaeCluster.Contracts.Specs;

/// <summary>A spec that was read: either it is sound, or it has faults, all of them.</summary>
public sealed class SpecResult
{
    internal SpecResult(RunSpec? spec, IReadOnlyList<SpecFault> faults)
    {
        Spec = faults.Count == 0 ? spec : null;
        Faults = faults;
    }

    /// <summary>The spec with every default filled in; null when there are faults.</summary>
    public RunSpec? Spec { get; }

    /// <summary>Every fault, in the order of the text; empty when the spec is sound.</summary>
    public IReadOnlyList<SpecFault> Faults { get; }

    /// <summary>Whether the spec can be used.</summary>
    [MemberNotNullWhen(true, nameof(Spec))]
    public bool IsSound => Spec is not null;
}
