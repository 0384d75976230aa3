using System.Security.Cryptography;
using VaeCluster.Data;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data;

public sealed class IdxSourceTests : IDisposable
{
    private const string Images = "train-images-idx3-ubyte";
    private const string Labels = "train-labels-idx1-ubyte";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_ImagesAndLabels_GivesThem(bool gzipped)
    {
        byte[] Packed(byte[] content) => gzipped ? IdxFile.Gzipped(content) : content;
        var suffix = gzipped ? ".gz" : "";
        _folder.Write(Images + suffix, Packed(IdxFile.Images(3, 2, 4)));
        _folder.Write(Labels + suffix, Packed(IdxFile.Of(8, [3], [7, 8, 9])));

        var data = IdxSource.Read(_folder.Path);

        Assert.Equal((3, 1, 2, 4), (data.Count, data.Channels, data.Height, data.Width));
        Assert.Equal([7, 8, 9], data.Labels!);
        var last = new float[8];
        data.CopyTo([2], last);
        Assert.Equal(Enumerable.Range(16, 8).Select(value => value / 255f), last);
    }

    [Theory]
    [InlineData("", ".gz")]
    [InlineData(".gz", "")]
    public void Read_ImagesAndLabels_OneOfThemZipped_FindsBoth(string imagesSuffix, string labelsSuffix)
    {
        static byte[] Packed(byte[] content, string suffix) => suffix.Length > 0 ? IdxFile.Gzipped(content) : content;
        _folder.Write("t10k-images-idx3-ubyte" + imagesSuffix, Packed(IdxFile.Images(2, 2, 2), imagesSuffix));
        _folder.Write("t10k-labels-idx1-ubyte" + labelsSuffix, Packed(IdxFile.Of(8, [2], [4, 5]), labelsSuffix));

        Assert.Equal([4, 5], IdxSource.Read(_folder.Path).Labels!);
    }

    [Fact]
    public void Read_FourDimensions_AreChannelsToo()
    {
        var data = IdxSource.Read(_folder.Write("images", IdxFile.Images(2, 3, 4, 5)));

        Assert.Equal((2, 3, 4, 5), (data.Count, data.Channels, data.Height, data.Width));
        Assert.Null(data.Labels);
    }

    [Fact]
    public void Read_FolderWithBothParts_TakesTheTrainingImagesUnzipped()
    {
        _folder.Write("t10k-images-idx3-ubyte", IdxFile.Images(1, 2, 2));
        _folder.Write(Images + ".gz", IdxFile.Gzipped(IdxFile.Images(3, 2, 2)));
        _folder.Write(Images, IdxFile.Images(2, 2, 2));

        Assert.Equal(2, IdxSource.Read(_folder.Path).Count);
    }

    [Fact]
    public void ReadAll_OfAFolderWithBothParts_PutsTheTestImagesBehind()
    {
        _folder.Write("t10k-images-idx3-ubyte.gz", IdxFile.Gzipped(IdxFile.Images(1, 2, 2)));
        _folder.Write("t10k-labels-idx1-ubyte", IdxFile.Of(8, [1], [9]));
        _folder.Write(Images, IdxFile.Images(2, 2, 2));
        _folder.Write(Labels, IdxFile.Of(8, [2], [3, 4]));

        var data = IdxSource.ReadAll(_folder.Path);

        Assert.Equal(3, data.Count);
        Assert.Equal([3, 4, 9], data.Labels!);
        var (second, third) = (new float[4], new float[4]);
        data.CopyTo([1], second);
        data.CopyTo([2], third);
        Assert.Equal([4 / 255f, 5 / 255f, 6 / 255f, 7 / 255f], second);
        Assert.Equal([0, 1 / 255f, 2 / 255f, 3 / 255f], third);
    }

    [Fact]
    public void ReadAll_WhereOnePartIsMissingOrOfAnotherShape_SaysSo()
    {
        _folder.Write("t10k-images-idx3-ubyte", IdxFile.Images(1, 2, 3));

        Assert.StartsWith($"data.files is all and {_folder.Path} has no images file with 'train' in its name; both must be there.", Assert.Throws<DataException>(() => IdxSource.ReadAll(_folder.Path)).Message, StringComparison.Ordinal);
        _folder.Write(Images, IdxFile.Images(2, 2, 2));
        Assert.Contains("holds images of 2x3, and the train file of 2x2", Assert.Throws<DataException>(() => IdxSource.ReadAll(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PathThatIsNotThere_SaysWhereItLooked() =>
        Throws(
            "nowhere/mnist",
            $"data.path is nowhere/mnist, and there is no such file or folder on this silo ({Path.GetFullPath("nowhere/mnist")}). Give the folder that holds the images file, as the silos see it.");

    [Fact]
    public void Read_FolderWithoutImages_SaysWhatItLacks()
    {
        _folder.Write(Labels, IdxFile.Of(8, [1], [1]));

        Throws(_folder.Path, $"data.path is {_folder.Path}, and no file there has 'images' and 'idx3' in its name. Put an IDX images file there, such as train-images-idx3-ubyte.gz, or give the path of the file itself.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(15)]
    public void Read_HeaderCutShort_SaysSo(int length) =>
        Refuses(IdxFile.Images(2, 2, 2)[..length], "ends in the middle of its header. Fetch the file again; it was cut short.");

    [Fact]
    public void Read_ValuesCutShort_SaysSo() =>
        Refuses(IdxFile.Images(2, 2, 2)[..^1], "holds 7 bytes of values, and its header announces 8 (2x2x2). Fetch the file again; it was cut short.");

    [Fact]
    public void Read_BytesAfterTheEnd_SaysSo() =>
        Refuses([.. IdxFile.Images(2, 2, 2), 0], "continues after the 8 bytes that its header announces (2x2x2). Fetch the file again; header and contents disagree.");

    [Fact]
    public void Read_SomethingElse_SaysSo_AndQuotesNothing() =>
        Refuses([0x89, (byte)'P', (byte)'N', (byte)'G', 0, 0, 0, 0], "does not start with two zero bytes, as an IDX file does. Point data.path at an IDX file such as train-images-idx3-ubyte.");

    [Fact]
    public void Read_OtherTypeOfValue_SaysWhich() =>
        Refuses(IdxFile.Of(0x0D, [1, 1, 1], new byte[4]), "holds values in single precision (0x0D); only unsigned bytes (0x08) are images. Convert the values to unsigned bytes.");

    [Fact]
    public void Read_LabelsInPlaceOfImages_SaysSo() =>
        Refuses(IdxFile.Of(8, [4], new byte[4]), "has 1 dimensions; images have 3 (count, height, width) or 4 (count, channels, height, width). Point data.path at the file with 'images' in its name.");

    [Fact]
    public void Read_ChannelsThatAreNoImage_SaysSo() =>
        Refuses(IdxFile.Images(2, 4, 2, 2), "holds images of 4 channels (2x4x2x2); an image has 1 (grey) or 3 (RGB). Put the channels second: count, channels, height, width.");

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(255)]
    public void Read_ImpossibleNumberOfDimensions_SaysSo(int dimensions) =>
        Refuses([0, 0, 8, (byte)dimensions], $"announces {dimensions} dimensions; images have 3 or 4, labels 1. Fetch the file again; its header is damaged.");

    [Theory]
    [InlineData(0, 2, 2, 0, 0)]
    [InlineData(-1, 2, 2, 0, -1)]
    [InlineData(2, 0, 2, 1, 0)]
    [InlineData(2, 2, 65_537, 2, 65_537)]
    public void Read_ImpossibleDimension_SaysWhich(int count, int height, int width, int dimension, int size) =>
        Refuses(IdxFile.Of(8, [count, height, width], []), $"announces a size of {size} for dimension {dimension}. Fetch the file again; its header is damaged.");

    [Fact]
    public void Read_MoreThanMemoryHolds_SaysSoAtOnce() =>
        Refuses(
            IdxFile.Of(8, [int.MaxValue, 65_536, 65_536, 65_536], []),
            "announces 604462909525839610642432 bytes (2147483647x65536x65536x65536); at most 2147483583 fit in memory here. Split the file.");

    [Fact]
    public void Read_HugePromiseOfASmallFile_DoesNotReserveIt() =>
        Refuses(IdxFile.Of(8, [30_000, 256, 256], new byte[10]), "holds 10 bytes of values, and its header announces 1966080000 (30000x256x256). Fetch the file again; it was cut short.");

    [Fact]
    public void Read_GzipCutShort_SaysSo()
    {
        var values = RandomNumberGenerator.GetBytes(10_000);
        var zipped = IdxFile.Gzipped(IdxFile.Of(8, [100, 10, 10], values));

        var e = Assert.Throws<DataException>(() => IdxSource.Read(_folder.Write(Images, zipped[..^4000])));

        Assert.EndsWith(" Fetch the file again; it was cut short.", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 0x07)] // The first block says it is of a type that does not exist.
    [InlineData(-8, 0xA5)] // The check sum at the end is another.
    public void Read_GzipDamaged_SaysSo(int place, byte value)
    {
        var zipped = IdxFile.Gzipped(IdxFile.Images(100, 10, 10));
        zipped[place < 0 ? zipped.Length + place : place] = value;

        var e = Assert.Throws<DataException>(() => IdxSource.Read(_folder.Write(Images, zipped)));

        Assert.StartsWith($"{Path.Combine(_folder.Path, Images)} cannot be unzipped (", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("). Fetch the file again; it is damaged.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LabelsOfOtherImages_SaysSo()
    {
        _folder.Write(Images, IdxFile.Images(3, 2, 2));
        var labels = _folder.Write(Labels, IdxFile.Of(8, [2], [1, 2]));

        Throws(_folder.Path, $"{labels} holds 2 labels, and {Images} holds 3 images. Use the two files of one download.");
    }

    [Fact]
    public void Read_ImagesNamedAsLabels_SaysSo()
    {
        _folder.Write(Images, IdxFile.Images(3, 2, 2));
        var labels = _folder.Write(Labels, IdxFile.Images(3, 2, 2));

        Throws(_folder.Path, $"{labels} holds 3x2x2 labels, and {Images} holds 3 images. Use the two files of one download.");
    }

    private void Refuses(byte[] content, string problem)
    {
        var path = _folder.Write(Images, content);
        Throws(path, $"{path} {problem}");
    }

    private static void Throws(string path, string message)
    {
        var e = Assert.Throws<DataException>(() => IdxSource.Read(path));

        Assert.Equal(message, e.Message);
        Assert.Equal("data.path", e.Error.Path);
        Assert.Equal(message, e.Error.ToString());
    }
}
