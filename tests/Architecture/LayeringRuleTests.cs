using VaeCluster.Architecture.Tests.Rules;

namespace VaeCluster.Architecture.Tests;

/// <summary>The rule of layers finds what breaks it, and nothing else.</summary>
public sealed class LayeringRuleTests
{
    private const string Layers = "VaeCluster.Architecture.Tests.Samples.Layers";
    private const string Circle = "VaeCluster.Architecture.Tests.Samples.Circle";

    private static readonly IReadOnlyList<string> Upward =
        LayeringRule.FindUpward(ProductAssemblies.Tests, Layers, ["Lower"], ["Pointing"], ["Upper"]);

    private static readonly IReadOnlyList<string> Cycles = LayeringRule.FindCycles(ProductAssemblies.Tests, Circle);

    [Theory]
    [InlineData("ByField", "UpperReader")]
    [InlineData("ByMark", "UpperMarkAttribute")]
    [InlineData("ByLambda", "UpperTools")]
    [InlineData("ByTypeArgument", "UpperReader")]
    [InlineData("ByNestedType", "UpperReader")]
    public void Upward_ByAnyWayToNameAType_IsFound_WithBothTypesAndTheRule(string user, string used) => Assert.Contains(
        $"{Layers}.Pointing.{user} uses {Layers}.Upper.{used}, which is not below it: the order of {Layers} is Lower, then Pointing, then Upper.",
        Upward);

    [Fact]
    public void Upward_OfATypeThatSeesWhatIsBelow_IsNotFound() => Assert.DoesNotContain(Upward, finding => finding.StartsWith($"{Layers}.Upper.", StringComparison.Ordinal));

    [Fact]
    public void Upward_OfFoldersInOneRow_IsFound() => Assert.Contains(
        $"{Layers}.Upper.UpperReader uses {Layers}.Lower.LowerMessage, which is not below it: the order of {Layers} is Lower and Upper, then Pointing.",
        LayeringRule.FindUpward(ProductAssemblies.Tests, Layers, ["Lower", "Upper"], ["Pointing"]));

    [Fact]
    public void Upward_OfAFolderThatTheOrderLeavesOut_IsFound() => Assert.Contains(
        $"{Layers}.Upper.UpperReader uses {Layers}.Lower.LowerMessage, and Lower has no place in the order: the order of {Layers} is Pointing, then Upper.",
        LayeringRule.FindUpward(ProductAssemblies.Tests, Layers, ["Pointing"], ["Upper"]));

    [Fact]
    public void Cycle_OfThreeFolders_IsFound_WithTheWayBack()
    {
        Assert.Contains($"{Circle}.First.FirstType uses {Circle}.Second.SecondType, and Second uses Third uses First: no two folders of {Circle} may reach each other.", Cycles);
        Assert.Contains($"{Circle}.Third.ThirdType uses {Circle}.First.FirstType, and First uses Second uses Third: no two folders of {Circle} may reach each other.", Cycles);
    }

    [Fact]
    public void Cycle_OfAFolderThatSeesNothing_IsNotFound()
    {
        Assert.DoesNotContain(Cycles, finding => finding.Contains("Aside", StringComparison.Ordinal));
        Assert.Empty(LayeringRule.FindCycles(ProductAssemblies.Tests, Layers));
    }

    [Fact]
    public void Foreign_FromAFolderThatMayNot_IsFound()
    {
        string[] findings = [.. LayeringRule.FindForeign(ProductAssemblies.Tests, Circle, Layers, "First")];
        Assert.Empty(findings);

        Assert.Contains(
            $"{Layers}.Upper.UpperReader uses {Layers}.Lower.LowerMessage: in {Layers} only Pointing may see {Layers}.Lower.",
            LayeringRule.FindForeign(ProductAssemblies.Tests, Layers, $"{Layers}.Lower", "Pointing"));
        Assert.DoesNotContain(
            LayeringRule.FindForeign(ProductAssemblies.Tests, Layers, $"{Layers}.Lower", "Upper"),
            finding => finding.Contains("UpperReader", StringComparison.Ordinal));
    }
}
