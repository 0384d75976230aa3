using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Tests.Support;

/// <summary>Complete specs and descriptions of data, with only what a test cares about stated.</summary>
internal static class ASpec
{
    /// <summary>The spec of these assignments; a wrong one fails the test with its error.</summary>
    public static RunSpec With(params string[] assignments)
    {
        var result = RunSpecReader.Read("", assignments);
        Assert.True(result.IsValid, string.Join('\n', result.Errors));
        return result.Spec;
    }

    public static DataDescription Data(int train, int test = 0, int side = 2) => new(1, side, side, train, test, "");
}
