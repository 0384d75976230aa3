using VaeCluster.Fuzz.Targets;

namespace VaeCluster.Fuzz;

/// <summary>Every reader of what strangers write, each with its part of the cases.</summary>
public sealed class FuzzTests
{
    private static readonly Dictionary<string, Func<FuzzTarget>> Targets = new(StringComparer.Ordinal)
    {
        ["spec"] = () => new SpecTarget(),
        ["idx"] = DataTarget.Idx,
        ["npy"] = DataTarget.Npy,
        ["npz"] = DataTarget.Npz,
        ["png"] = ImageTarget.Png,
        ["jpeg"] = ImageTarget.Jpeg,
        ["safetensors"] = () => new SafetensorsTarget(),
        ["checkpoint"] = () => new CheckpointTarget(),
        ["ledger"] = () => new LedgerTarget(),
        ["json"] = () => new JsonTarget(),
    };

    /// <summary>The sum of the shares of the targets here, and that of the silo's, which has its own test.</summary>
    private const double ShareSum = 14;

    public static TheoryData<string> Names => [.. Targets.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OfAnyContent_ThrowsWhatIsDocumented_Soon_WithinMemory(string name)
    {
        using var target = Targets[name]();
        var cases = Math.Max(1, (int)(FuzzSettings.Cases * target.Share / ShareSum));

        var refused = FuzzRunner.Run(target, FuzzSettings.Seed, cases);

        TestContext.Current.SendDiagnosticMessage($"{name}: {cases} cases, {refused} refused with an exception.");
    }

    [Fact]
    public void Make_OfTheSameSeed_GivesTheSameCase()
    {
        using var target = new SpecTarget();

        Assert.Equal(FuzzRunner.CaseOf(target, 7, 3), FuzzRunner.CaseOf(target, 7, 3));
        Assert.NotEqual(FuzzRunner.CaseOf(target, 7, 3), FuzzRunner.CaseOf(target, 7, 4));
    }
}
