using System.Diagnostics.CodeAnalysis;

namespace VaeCluster.Contracts.Specs;

/// <summary>A spec that was read: either it is valid, or it has errors, all of them.</summary>
public sealed class SpecResult
{
    internal SpecResult(RunSpec? spec, IReadOnlyList<SpecError> errors)
    {
        Spec = errors.Count == 0 ? spec : null;
        Errors = errors;
    }

    /// <summary>The spec with every default filled in; null when there are errors.</summary>
    public RunSpec? Spec { get; }

    /// <summary>Every error, in the order of the text; empty when the spec is valid.</summary>
    public IReadOnlyList<SpecError> Errors { get; }

    /// <summary>Whether the spec can be used.</summary>
    [MemberNotNullWhen(true, nameof(Spec))]
    public bool IsValid => Spec is not null;
}
