using VaeCluster.Contracts.Specs;

namespace VaeCluster.Tests.Contracts.Specs;

/// <summary>Reads specs and says what came of it when that is not what a test expects.</summary>
internal static class Reading
{
    public static RunSpec Valid(string text, params string[] overrides)
    {
        var result = RunSpecReader.Read(text, overrides);
        Assert.True(result.IsValid, string.Join('\n', result.Errors));
        Assert.Empty(result.Errors);
        return result.Spec;
    }

    /// <summary>The errors as people read them.</summary>
    public static string[] Errors(string text, params string[] overrides)
    {
        var result = RunSpecReader.Read(text, overrides);
        Assert.False(result.IsValid, "The spec was expected to have errors, and has none.");
        Assert.Null(result.Spec);
        return [.. result.Errors.Select(error => error.ToString())];
    }

    public static string Error(string text, params string[] overrides) => Assert.Single(Errors(text, overrides));
}
