namespace VaeCluster.Contracts.Specs;

/// <summary>Something that a spec names: a kind of model, of objective, of data source.</summary>
public interface ISpecKind
{
    /// <summary>The name in the spec: lower-case letters, digits and dashes, e.g. <c>mlp-2d</c>.</summary>
    string Name { get; }
}
