using VaeCluster.Contracts.Specs;

namespace VaeCluster.Tests.Contracts.Specs;

/// <summary>Reads specs and says what came of it when that is not what a test expects.</summary>
internal static class Reading
{
    public static RunSpec Sound(string text, params string[] overrides)
    {
        var result = RunSpecReader.Read(text, overrides);
        Assert.True(result.IsSound, string.Join('\n', result.Faults));
        Assert.Empty(result.Faults);
        return result.Spec;
    }

    /// <summary>The faults as people read them.</summary>
    public static string[] Faults(string text, params string[] overrides)
    {
        var result = RunSpecReader.Read(text, overrides);
        Assert.False(result.IsSound, "The spec was expected to have faults, and has none.");
        Assert.Null(result.Spec);
        return [.. result.Faults.Select(fault => fault.ToString())];
    }

    public static string Fault(string text, params string[] overrides) => Assert.Single(Faults(text, overrides));
}
