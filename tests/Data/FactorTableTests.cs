using VaeCluster.Data;

namespace VaeCluster.Tests.Data;

public sealed class FactorTableTests
{
    [Fact]
    public void Of_GivesTheRowOfAnExample()
    {
        var table = new FactorTable(["shape", "x"], [2, 4], [0, 3, 1, 0, 1, 2]);

        Assert.Equal(3, table.Count);
        Assert.Equal([1, 2], table.Of(2).ToArray());
    }

    [Theory]
    [InlineData(new[] { 0, 3, 1 }, "2 names, 2 sizes and 3 indices are not a table. (Parameter 'indices')")]
    [InlineData(new[] { 0, 3, 1, 4 }, "Example 1 has 4 for x; it must be 0 to 3. (Parameter 'indices')")]
    [InlineData(new[] { -1, 3 }, "Example 0 has -1 for shape; it must be 0 to 1. (Parameter 'indices')")]
    public void Constructor_OfWhatIsNoTable_Throws(int[] indices, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => new FactorTable(["shape", "x"], [2, 4], indices)).Message);
}
