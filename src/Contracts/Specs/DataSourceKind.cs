namespace VaeCluster.Contracts.Specs;

/// <summary>
/// A kind of data source: its name, the fields that it uses, and its rules. How it is read is said in VaeCluster.Data: a kind of an extension also
/// implements <c>IDataSource</c>.
/// </summary>
public abstract class DataSourceKind : ISpecKind
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>
    /// What <c>data.path</c> is, with an example, e.g. <c>the file, e.g. --set data.path=/data/digits.npz</c>; null where the source reads no files, and
    /// the field is refused.
    /// </summary>
    public virtual string? PathMeaning => null;

    /// <summary>
    /// Which it uses of the fields that only some sources use: <c>data.files</c>, <c>data.crop</c>, <c>data.badFiles</c>, <c>data.layout</c>,
    /// <c>data.array</c>. The others are refused where they are given.
    /// </summary>
    public virtual IReadOnlyList<string> Fields => [];

    /// <summary>Whether its images have the size that <c>data.imageSize</c> and <c>data.channels</c> say.</summary>
    public virtual bool IsResizable => false;

    /// <summary>What is wrong with a section that names this source, beside what holds for all.</summary>
    public virtual IEnumerable<SpecError> Check(DataSpec data) => [];
}
