namespace VaeCluster.Contracts.Specs.Sources;

/// <summary>NumPy's files: one array, or an archive of them.</summary>
internal sealed class NpySourceKind : DataSourceKind
{
    public override string Name => "npy";

    public override string? PathMeaning => "the file, e.g. --set data.path=/data/digits.npz";

    public override IReadOnlyList<string> Fields => ["data.layout", "data.array"];
}
