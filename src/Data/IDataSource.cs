using VaeCluster.Contracts.Specs;

namespace VaeCluster.Data;

/// <summary>How a kind of data source is read. A kind of an extension implements this beside <see cref="DataSourceKind"/>.</summary>
public interface IDataSource
{
    /// <summary>
    /// Reads or draws the whole source into memory, or opens what it was decoded into. Every silo must read the same pixels: a trainer compares their
    /// hash with that of the run.
    /// </summary>
    /// <param name="spec">A complete spec's data section.</param>
    /// <param name="access">
    /// What it may use: files are opened with <see cref="DataAccess.OpenFile"/>, and memory is reserved before values are read into it.
    /// </param>
    /// <returns>The examples, values in [0, 1], not binarised.</returns>
    /// <exception cref="DataException">It is not there, or not what it says it is.</exception>
    Dataset Open(DataSpec spec, DataAccess access);

    /// <summary>The true factors of the examples, without the examples; null where the source does not know them.</summary>
    /// <param name="spec">A complete spec's data section.</param>
    /// <param name="access">What it may use.</param>
    /// <exception cref="DataException">The source is not there, or not what it says it is.</exception>
    FactorTable? OpenFactors(DataSpec spec, DataAccess access) => null;
}
