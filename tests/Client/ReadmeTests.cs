using VaeCluster.Client.Output;

namespace VaeCluster.Client.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void FieldsTable_InTheReadme_IsWhatVaectlPrints()
    {
        var readme = File.ReadAllText(Path.Combine(Root(), "README.md"));

        var start = readme.IndexOf("| field |", StringComparison.Ordinal);
        var end = readme.IndexOf("<!-- /fields -->", StringComparison.Ordinal);
        Assert.True(start >= 0 && end > start, "The README has no table of fields between its marks.");
        Assert.Equal(SpecTable.Markdown(), readme[start..end]);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VaeCluster.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not lie in the repository.");
        return folder.FullName;
    }
}
