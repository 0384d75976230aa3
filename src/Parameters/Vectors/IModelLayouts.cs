using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Vectors;

/// <summary>Knows how the weights of a model lie in its flat vector. The models know, and the parameter server and the ledger must not see tensors.</summary>
public interface IModelLayouts
{
    /// <summary>The layout of the model that a spec describes.</summary>
    /// <param name="spec">A complete spec.</param>
    /// <param name="data">The data, whose shape the model has.</param>
    ParameterLayout LayoutOf(RunSpec spec, DataDescription data);
}
