using CsCheck;
using VaeCluster.Contracts;
using VaeCluster.Contracts.Runs;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Files of weights, which come from other programs too.</summary>
internal sealed class SafetensorsTarget : FuzzTarget
{
    private readonly ParameterLayout _layout;
    private readonly byte[] _valid;
    private readonly string _path;

    public SafetensorsTarget()
        : base("safetensors", 1)
    {
        _path = Path.Combine(Folder.Path, "model.safetensors");
        _layout = ModelLayout.Of(ASpec.With("model.hidden=[3]", "model.latent=1"), new DataDescription(1, 2, 2, 8, 0, ""));
        SafetensorsFile.Write(_path, _layout, Parts(), new Dictionary<string, string> { ["step"] = "1" });
        _valid = File.ReadAllBytes(_path);
    }

    public override byte[] Make(PCG random) => random.Mutate(_valid);

    public override void Run(byte[] content)
    {
        File.WriteAllBytes(_path, content);
        try
        {
            SafetensorsFile.Sha256OfFile(_path);
        }
        catch (InvalidDataException)
        {
            // What is too short for a header; the reader below says it too.
        }
        SafetensorsFile.Read(_path, _layout, Parts());
    }

    public override bool IsDocumented(Exception e) => e is InvalidDataException or FormatVersionException;

    private byte[][] Parts() => [.. Enumerable.Range(0, _layout.PartCount).Select(part => new byte[4 * _layout.PartAt(part).Length])];
}
