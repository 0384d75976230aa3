using VaeCluster.Architecture.Tests.Rules;

namespace VaeCluster.Architecture.Tests;

/// <summary>Who may see whom, among the projects and among the folders of each: upward only.</summary>
public sealed class LayeringTests
{
    /// <summary>The projects that each project may reference.</summary>
    private static readonly Dictionary<string, string[]> References = new(StringComparer.Ordinal)
    {
        ["VaeCluster.Contracts"] = [],
        ["VaeCluster.Plots"] = ["VaeCluster.Contracts"],
        ["VaeCluster.Data"] = ["VaeCluster.Contracts"],
        ["VaeCluster.Parameters"] = ["VaeCluster.Contracts", "VaeCluster.Data"],
        ["VaeCluster.Training"] = ["VaeCluster.Contracts", "VaeCluster.Data", "VaeCluster.Parameters", "VaeCluster.Plots"],
        ["VaeCluster.Grains"] = ["VaeCluster.Contracts", "VaeCluster.Data", "VaeCluster.Parameters", "VaeCluster.Plots", "VaeCluster.Training"],
        ["vaesilo"] = ["VaeCluster.Contracts", "VaeCluster.Data", "VaeCluster.Parameters", "VaeCluster.Plots", "VaeCluster.Training", "VaeCluster.Grains"],
        ["vaectl"] = ["VaeCluster.Contracts", "VaeCluster.Data"],
    };

    public static TheoryData<string> Assemblies => [.. ProductAssemblies.Names];

    public static TheoryData<string> WithoutGrains => [.. ProductAssemblies.Names.Where(name => name is not "VaeCluster.Grains.dll")];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Project_ReferencesOnlyThoseBelowIt(string name)
    {
        var project = Path.GetFileNameWithoutExtension(name);
        Assert.True(References.TryGetValue(project, out var allowed), $"{project} has no place among the projects; give it one in this test.");

        var referenced = ProductAssemblies.Read(name).AssemblyReferences.Select(reference => reference.Name).Where(References.ContainsKey);

        Assert.Empty(referenced.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(WithoutGrains))]
    public void Folders_OfAProject_FormNoCycle(string name) => AssertNone(LayeringRule.FindCycles(ProductAssemblies.Read(name), RootOf(name)));

    [Fact]
    public void Contracts_SeeOnlyWhatIsBelow() => AssertUpward(
        "VaeCluster.Contracts.dll", ["V1"], ["Architectures"], ["Specs"], ["Extensions"], ["Runs"], ["Trainers"], ["ParameterServer"], ["Evaluations"], ["Cluster"]);

    [Fact]
    public void Parameters_SeeOnlyWhatIsBelow() => AssertUpward(
        "VaeCluster.Parameters.dll", ["Vectors"], ["Schedules"], ["Architectures"], ["Compression"], ["Reduction"], ["Optimizers"], ["Checkpoints"], ["Store"]);

    [Fact]
    public void Training_SeesOnlyWhatIsBelow() => AssertUpward(
        "VaeCluster.Training.dll", ["Runtime"], ["Models"], ["Objectives"], ["Evaluation"], ["Inference", "Export"], ["Workers"]);

    [Fact]
    public void Folders_OfTheGrains_FormNoCycle() => AssertNone(LayeringRule.FindCycles(ProductAssemblies.Grains, "VaeCluster.Grains"));

    [Fact]
    public void Grains_SeeOnlyWhatIsBelow() => AssertUpward(
        "VaeCluster.Grains.dll",
        [""], ["Liveness"], ["Devices"], ["Storage"], ["Ledger"], ["ParameterServer"], ["Trainers"], ["Evaluations"], ["Runs"], ["Cluster"]);

    [Fact]
    public void Grains_OnlyTrainersAndEvaluations_SeeTraining() => AssertNone(
        LayeringRule.FindForeign(ProductAssemblies.Grains, "VaeCluster.Grains", "VaeCluster.Training", "Trainers", "Evaluations"));

    [Fact]
    public void Client_OutputKnowsNoCommand() => AssertUpward("vaectl.dll", ["Datasets"], ["Reproductions"], ["Output"], ["Commands"]);

    private static void AssertUpward(string name, params string[][] order) =>
        AssertNone(LayeringRule.FindUpward(ProductAssemblies.Read(name), RootOf(name), order));

    private static string RootOf(string name) => name switch
    {
        "vaesilo.dll" => "VaeCluster.Silo",
        "vaectl.dll" => "VaeCluster.Client",
        _ => Path.GetFileNameWithoutExtension(name),
    };

    private static void AssertNone(IReadOnlyList<string> findings) =>
        Assert.True(findings.Count == 0, string.Join('\n', findings.Distinct().Order(StringComparer.Ordinal)));
}
