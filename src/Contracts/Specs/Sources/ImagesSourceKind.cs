namespace VaeCluster.Contracts.Specs.Sources;

/// <summary>A folder of PNG and JPEG files.</summary>
internal sealed class ImagesSourceKind : DataSourceKind
{
    public override string Name => "images";

    public override string? PathMeaning => "the folder that holds the images, e.g. --set data.path=/data/faces";

    public override IReadOnlyList<string> Fields => ["data.crop", "data.badFiles"];

    public override bool IsResizable => true;
}
