using VaeCluster.Architecture.Tests.Rules;

namespace VaeCluster.Architecture.Tests;

/// <summary>Rules that the compiled product keeps. There are no exceptions.</summary>
public sealed class ArchitectureTests
{
    public static TheoryData<string> WithoutTensors => [.. ProductAssemblies.Names.Where(name => name is not "VaeCluster.Training.dll")];

    [Fact]
    public void Grains_OnOtherThreads_AreNotTouched() => AssertNone(GrainCaptureRule.Find(ProductAssemblies.Grains));

    [Fact]
    public void Silo_OnOtherThreads_TouchesNoGrain() => AssertNone(GrainCaptureRule.Find(ProductAssemblies.Silo));

    [Fact]
    public void Grains_StayOnTheirScheduler() => AssertNone(ConfigureAwaitRule.Find(ProductAssemblies.Grains));

    [Fact]
    public void Grains_NeverBlockTheirThread() => AssertNone(BlockingWaitRule.Find(ProductAssemblies.Grains));

    [Fact]
    public void Training_KeepsItsNumbersUntilTheyAreRead() =>
        AssertNone(ScalarLifetimeRule.Find(ProductAssemblies.Read("VaeCluster.Training.dll")));

    [Theory]
    [MemberData(nameof(WithoutTensors))]
    public void Assembly_ButTraining_MentionsNoTorchSharp(string name) => AssertNone(TorchSharpRule.Find(ProductAssemblies.Read(name)));

    [Fact]
    public void Names_AreThoseOfTheProduct()
    {
        // An assembly that is not found would keep every rule.
        string[] known =
        [
            "VaeCluster.Contracts.dll", "VaeCluster.Data.dll", "VaeCluster.Grains.dll", "VaeCluster.Plots.dll", "VaeCluster.Parameters.dll", "VaeCluster.Training.dll", "vaesilo.dll",
        ];

        Assert.Empty(known.Except(ProductAssemblies.Names));
    }

    private static void AssertNone<T>(IReadOnlyList<T> findings) => Assert.True(findings.Count == 0, string.Join('\n', findings));
}
