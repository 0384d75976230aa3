using VaeCluster.Contracts.Specs;

namespace VaeCluster.Silo.Extensions;

/// <summary>An extension of this silo.</summary>
/// <param name="Identity">Name, version and hash of its assembly; silos of one cluster have the same.</param>
/// <param name="Kinds">What it added.</param>
internal sealed record LoadedExtension(string Identity, IReadOnlyList<ISpecKind> Kinds)
{
    /// <summary>The extension as the log shows it.</summary>
    public override string ToString() => $"{Identity}: {string.Join(", ", Kinds.Select(kind => kind.Name))}";
}
