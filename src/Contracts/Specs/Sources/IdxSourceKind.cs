namespace VaeCluster.Contracts.Specs.Sources;

/// <summary>The files of MNIST and similar sets, gzipped or not.</summary>
internal sealed class IdxSourceKind : DataSourceKind
{
    public override string Name => "idx";

    public override string? PathMeaning => "the folder that holds the images file, e.g. --set data.path=/data/mnist";

    public override IReadOnlyList<string> Fields => ["data.files"];
}
