using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Training.Models;

/// <summary>The layouts of the models of <see cref="ModelFactory"/>.</summary>
public sealed class ModelLayouts : IModelLayouts
{
    /// <inheritdoc/>
    public ParameterLayout LayoutOf(RunSpec spec, DataDescription data) => ModelFactory.LayoutOf(spec, data);
}
