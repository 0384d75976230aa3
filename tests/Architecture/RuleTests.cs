using System.Reflection;
using VaeCluster.Architecture.Tests.Rules;
using VaeCluster.Architecture.Tests.Samples;

namespace VaeCluster.Architecture.Tests;

/// <summary>Each rule finds what breaks it, and nothing else.</summary>
public sealed class RuleTests
{
    private static readonly IReadOnlyList<Finding> Captures = GrainCaptureRule.Find(ProductAssemblies.Tests);
    private static readonly IReadOnlyList<Finding> ConfigureAwaits = ConfigureAwaitRule.Find(ProductAssemblies.Tests);
    private static readonly IReadOnlyList<Finding> BlockingWaits = BlockingWaitRule.Find(ProductAssemblies.Tests);

    private static readonly IReadOnlyList<Finding> DroppedNumbers = ScalarLifetimeRule.Find(ProductAssemblies.Tests);

    public static TheoryData<string> Capturing => MethodsOf<CapturingGrain>();

    public static TheoryData<string> Leaving => MethodsOf<LeavingGrain>();

    public static TheoryData<string> Blocking => MethodsOf<BlockingGrain>();

    public static TheoryData<string> Dropping => MethodsOf<DroppedScalars>();

    [Theory]
    [MemberData(nameof(Capturing))]
    public void GrainCapture_OfAGrainThatIsTouchedElsewhere_IsFound(string method) => AssertFound(Captures, nameof(CapturingGrain), method);

    [Fact]
    public void GrainCapture_OfAGrainThatHandsOverValues_IsNotFound() => AssertNotFound(Captures, nameof(HandingOverGrain));

    [Theory]
    [MemberData(nameof(Leaving))]
    public void ConfigureAwait_False_IsFound(string method) => AssertFound(ConfigureAwaits, nameof(LeavingGrain), method);

    [Fact]
    public void ConfigureAwait_True_IsNotFound() => AssertNotFound(ConfigureAwaits, nameof(StayingGrain));

    [Theory]
    [MemberData(nameof(Blocking))]
    public void BlockingWait_IsFound(string method) => AssertFound(BlockingWaits, nameof(BlockingGrain), method);

    [Fact]
    public void BlockingWait_OfAGrainThatAwaits_IsNotFound() => AssertNotFound(BlockingWaits, nameof(AwaitingGrain));

    [Theory]
    [MemberData(nameof(Dropping))]
    public void ScalarLifetime_OfANumberThatIsDropped_IsFound(string method) => AssertFound(DroppedNumbers, nameof(DroppedScalars), method);

    [Fact]
    public void ScalarLifetime_OfANumberThatIsKept_IsNotFound() => AssertNotFound(DroppedNumbers, nameof(KeptScalars));

    [Fact]
    public void TorchSharp_IsFoundWhereItIsUsed_AndNotElsewhere()
    {
        Assert.NotEmpty(TorchSharpRule.Find(ProductAssemblies.Read("VaeCluster.Training.dll")));
        Assert.Empty(TorchSharpRule.Find(ProductAssemblies.Read("VaeCluster.Contracts.dll")));
    }

    [Fact]
    public void Finding_SaysWhereItIs()
    {
        var finding = Captures.First(finding => finding is { Type: nameof(CapturingGrain), Method: nameof(CapturingGrain.RunLambda) });

        Assert.Matches("^CapturingGrain.cs:[0-9]+$", finding.Line);
        Assert.EndsWith(
            "CapturingGrain.RunLambda: Task.Run runs a delegate on another thread that has the grain CapturingGrain itself",
            finding.ToString(),
            StringComparison.Ordinal);
    }

    private static void AssertFound(IReadOnlyList<Finding> findings, string type, string method) =>
        Assert.Contains(findings, finding => finding.Type == type && finding.Method == method);

    private static void AssertNotFound(IReadOnlyList<Finding> findings, string type) =>
        Assert.DoesNotContain(findings, finding => finding.Type == type);

    private static TheoryData<string> MethodsOf<T>() =>
        [.. typeof(T).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(method => method.Name)];
}
