using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Training.Data;

/// <summary>The data of a run that was submitted some time ago, perhaps on another silo.</summary>
public static class RunData
{
    /// <summary>Opens the source and holds it against what the run was submitted with.</summary>
    /// <exception cref="DataException">The data are not there, or not those that the run was submitted with.</exception>
    public static Dataset Open(DataSpec spec, DataDescription expected)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(expected);
        var dataset = DataSources.Open(spec);
        var found = dataset.Describe(spec);
        return found == expected
            ? dataset
            : throw new DataException("data.path", $"The data on this silo are not those that the run was submitted with: found {found}, expected {expected}.", "Give every silo the same files.");
    }
}
