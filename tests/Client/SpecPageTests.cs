using VaeCluster.Client.Output;

namespace VaeCluster.Client.Tests;

public sealed class SpecPageTests
{
    [Fact]
    public void FieldsTable_OfThePage_IsWhatVaectlPrints()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "spec.md"));

        var start = page.IndexOf("| field |", StringComparison.Ordinal);
        var end = page.IndexOf("<!-- /fields -->", StringComparison.Ordinal);
        Assert.True(start >= 0 && end > start, "docs/spec.md has no table of fields between its marks.");
        Assert.Equal(SpecTable.Markdown(), page[start..end]);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VaeCluster.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not lie in the repository.");
        return folder.FullName;
    }
}
