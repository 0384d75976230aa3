using VaeCluster.Contracts.Specs;

namespace VaeCluster.Training.Data;

/// <summary>Opens what a spec's <c>data</c> section names.</summary>
public static class DataSources
{
    /// <summary>Reads or draws the whole source into memory.</summary>
    /// <exception cref="DataException">It is not there, or not what it says it is.</exception>
    public static Dataset Open(DataSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Source switch
        {
            DataSourceKind.Shapes => ShapesSource.Draw(spec.Count, spec.ImageSize, spec.Channels),
            DataSourceKind.Idx => IdxSource.Read(spec.Path!),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Source, "There is no such source."),
        };
    }
}
