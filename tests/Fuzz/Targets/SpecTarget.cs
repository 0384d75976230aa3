using System.Text;
using CsCheck;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Specs and overrides: fields with values that fit and that do not, and text of any kind. Reading one throws nothing at all.</summary>
internal sealed class SpecTarget() : FuzzTarget("spec", 3)
{
    public override byte[] Make(PCG random) => Encoding.UTF8.GetBytes(SpecTexts.Make(random));

    public override void Run(byte[] content)
    {
        var (text, overrides) = SpecTexts.Split(Encoding.UTF8.GetString(content));
        var result = RunSpecReader.Read(text, overrides);
        if (!result.IsValid)
        {
            Assert.All(result.Errors, error => Assert.DoesNotContain(error.ToString(), char.IsControl));
            return;
        }
        var written = RunSpecReader.Write(result.Spec);
        Assert.Equal(written, RunSpecReader.Write(RunSpecReader.ReadCanonical(written)));
    }

    public override bool IsDocumented(Exception e) => false;
}
