using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Data;

/// <summary>The data of a run that was submitted some time ago, perhaps on another silo.</summary>
public static class RunData
{
    /// <summary>Opens the source and compares it with what the run was submitted with.</summary>
    /// <param name="spec">The data section of its spec.</param>
    /// <param name="expected">What the data were then.</param>
    /// <param name="access">What the data may use; without bounds when left out.</param>
    /// <exception cref="DataException">The data are not there, or not those that the run was submitted with.</exception>
    public static Dataset Open(DataSpec spec, DataDescription expected, DataAccess? access = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(expected);
        var dataset = DataSources.Open(spec, access ?? new DataAccess());
        var found = dataset.Describe(spec);
        if (found == expected)
            return dataset;
        dataset.Dispose();
        throw new DataException(
            "data.path",
            $"The data on this silo are not those that the run was submitted with: found {found}, expected {expected}.",
            "Give every silo the same files.");
    }
}
