using System.Collections.Immutable;

namespace VaeCluster.Silo.Extensions;

/// <summary>The extensions of this silo, in the order in which they were loaded.</summary>
internal sealed record ExtensionList(ImmutableArray<LoadedExtension> Extensions)
{
    /// <summary>What the silos of one cluster compare: in the order of the names, so that the order of the setting does not matter.</summary>
    public ImmutableArray<string> Identities => [.. Extensions.Select(extension => extension.Identity).Order(StringComparer.Ordinal)];

    /// <summary>The extensions as the log shows them.</summary>
    public override string ToString() => string.Join("; ", Extensions);
}
