using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Data.Files;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data.Files;

/// <summary>Which paths a spec may name, and what an error says of those that it may not.</summary>
public sealed class DataRootsTests : IDisposable
{
    private readonly TemporaryFolder _inside = new();
    private readonly TemporaryFolder _outside = new();

    public void Dispose()
    {
        _inside.Dispose();
        _outside.Dispose();
    }

    [Theory]
    [InlineData("/etc/shadow")]
    [InlineData("/etc/passwd")]
    [InlineData("/proc/self/environ")]
    [InlineData("/proc/self/fd/1")]
    [InlineData("/proc/self/root/etc/passwd")]
    [InlineData("/dev/zero")]
    [InlineData("/dev/stdin")]
    [InlineData("/nothing/is/here")]
    public void Open_OutsideOfTheRoots_IsRefused_WhetherOrNotItIsThere(string path)
    {
        foreach (var source in new[] { "idx", "npy", "images" })
            Assert.Equal(Outside(path), Refused(source, path).Message);
    }

    [Fact]
    public void Open_AFileInARoot_ReadsIt()
    {
        var path = _inside.Write("images", IdxFile.Images(3, 2, 2));

        Assert.Equal(3, Open("idx", path).Count);
    }

    [Fact]
    public void Open_APathThatLeavesTheRoot_IsRefused()
    {
        var path = _outside.Write("images", IdxFile.Images(3, 2, 2));
        var around = Path.Combine(_inside.Path, "..", Path.GetFileName(_outside.Path), "images");

        Assert.Equal(Outside(around), Refused("idx", around).Message);
        Assert.Equal(Outside(path), Refused("idx", path).Message);
    }

    [Fact]
    public void Open_AFolderWhoseNameOnlyStartsLikeARoot_IsRefused()
    {
        using var neighbour = new TemporaryFolder();
        var path = neighbour.Path + "-more";

        Assert.False(DataRoots.Of([neighbour.Path]).Names(path));
    }

    [Fact]
    public void Open_ALinkOutOfTheRoot_IsRefused()
    {
        var link = Path.Combine(_inside.Path, "images-idx3");
        File.CreateSymbolicLink(link, _outside.Write("images", IdxFile.Images(3, 2, 2)));

        Assert.Equal(Outside(link), Refused("idx", link).Message);
        Assert.Equal(Outside(link), Refused("idx", _inside.Path).Message);
    }

    [Fact]
    public void Open_AFolderThroughALinkOutOfTheRoot_IsRefused()
    {
        _outside.Write("images", IdxFile.Images(3, 2, 2));
        Directory.CreateSymbolicLink(Path.Combine(_inside.Path, "way"), _outside.Path);
        var path = Path.Combine(_inside.Path, "way", "images");

        Assert.Equal(Outside(path), Refused("idx", path).Message);
    }

    [Fact]
    public void Open_LabelsThatAreALinkOutOfTheRoot_IsRefused()
    {
        var images = _inside.Write("train-images-idx3-ubyte", IdxFile.Images(3, 2, 2));
        var labels = Path.Combine(_inside.Path, "train-labels-idx1-ubyte");
        File.CreateSymbolicLink(labels, _outside.Write("labels", IdxFile.Of(8, [3], [1, 2, 3])));

        Assert.Equal(Outside(labels), Refused("idx", images).Message);
    }

    [Fact]
    public void Open_ImagesThatAreLinksOutOfTheRoot_AreBadFiles()
    {
        File.CreateSymbolicLink(Path.Combine(_inside.Path, "stolen.png"), _outside.Write("a.png", PngWriter.Encode(PngWriter.Grey, 1, 1, [9])));

        var e = Refused("images", _inside.Path);

        Assert.Contains("stolen.png is outside of the folders that this silo reads data from", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ALinkWithinTheRoot_FollowsIt()
    {
        var link = Path.Combine(_inside.Path, "link");
        File.CreateSymbolicLink(link, _inside.Write("images", IdxFile.Images(3, 2, 2)));

        Assert.Equal(3, Open("idx", link).Count);
    }

    [Fact]
    public void Open_ARootThatIsALinkItself_FollowsIt()
    {
        using var folder = new TemporaryFolder();
        var root = Path.Combine(folder.Path, "root");
        Directory.CreateSymbolicLink(root, _inside.Path);
        _inside.Write("images", IdxFile.Images(3, 2, 2));
        var access = new DataAccess { Roots = DataRoots.Of([root]) };

        Assert.Equal(3, DataSources.Open(SpecOf("idx", Path.Combine(root, "images")), access).Count);
        Assert.Equal(3, DataSources.Open(SpecOf("idx", Path.Combine(_inside.Path, "images")), access).Count);
    }

    [Fact]
    public void Open_WithoutRoots_ReadsNoFile_ButDrawsShapes()
    {
        var access = new DataAccess { Roots = DataRoots.Of([]) };
        var path = _inside.Write("images", IdxFile.Images(3, 2, 2));

        var e = Assert.Throws<DataException>(() => DataSources.Open(SpecOf("idx", path), access));

        Assert.StartsWith($"{path} is outside of the folders that this silo reads data from (none)", e.Message, StringComparison.Ordinal);
        Assert.Equal(20, DataSources.Open(ASpec.With("data.count=20", "data.test=5").Data, access).Count);
    }

    /// <summary>The file that was checked is the file that is read, whatever the path leads to by then.</summary>
    [Fact]
    public void Find_WhenThePathIsChangedAfterwards_HoldsTheFileThatWasChecked()
    {
        var path = _inside.Write("images", 1, 2, 3);
        using var found = new DataAccess { Roots = DataRoots.Of([_inside.Path]) }.Find(path)!;
        File.Delete(path);
        File.CreateSymbolicLink(path, _outside.Write("secret", 9));

        using var file = File.OpenRead(found.HeldPath);

        Assert.Equal(1, file.ReadByte());
    }

    private string Outside(string path) =>
        $"{path} is outside of the folders that this silo reads data from ({_inside.Path}), or a link that leads out of them. Put the data there, or start the silos with a --data-roots that has their folder.";

    private Dataset Open(string source, string path) => DataSources.Open(SpecOf(source, path), new DataAccess { Roots = DataRoots.Of([_inside.Path]) });

    private DataException Refused(string source, string path) => Assert.Throws<DataException>(() => Open(source, path));

    private static DataSpec SpecOf(string source, string path) => ASpec.With($"data.source={source}", $"data.path={path}").Data;
}
