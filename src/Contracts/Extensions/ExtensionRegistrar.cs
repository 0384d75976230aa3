using VaeCluster.Contracts.Specs;

namespace VaeCluster.Contracts.Extensions;

/// <summary>Takes what one extension adds. From then on specs may name it.</summary>
public sealed class ExtensionRegistrar
{
    private readonly Action<ISpecKind> _check;
    private readonly List<ISpecKind> _added = [];

    /// <summary>A registrar for one extension.</summary>
    /// <param name="check">Throws where a kind cannot be used; it is then not added.</param>
    public ExtensionRegistrar(Action<ISpecKind> check) => _check = check;

    /// <summary>What was added, in the order of the calls.</summary>
    public IReadOnlyList<ISpecKind> Added => _added;

    /// <summary>Adds a model, which <c>model.kind</c> may name.</summary>
    /// <exception cref="ArgumentException">The name is taken, or is none.</exception>
    public void Add(ModelKind kind) => Add(SpecKinds.Models, kind);

    /// <summary>Adds an objective, which <c>objective.bound</c> may name.</summary>
    /// <exception cref="ArgumentException">The name is taken, or is none.</exception>
    public void Add(ObjectiveKind kind) => Add(SpecKinds.Objectives, kind);

    /// <summary>Adds a data source, which <c>data.source</c> may name.</summary>
    /// <exception cref="ArgumentException">The name is taken, or is none.</exception>
    public void Add(DataSourceKind kind) => Add(SpecKinds.Sources, kind);

    private void Add<TKind>(KindRegistry<TKind> registry, TKind kind)
        where TKind : class, ISpecKind
    {
        _check(kind);
        registry.Add(kind);
        _added.Add(kind);
    }
}
