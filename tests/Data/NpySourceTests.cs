using System.Buffers.Binary;
using System.IO.Compression;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data;

public sealed class NpySourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_BytesOfAnyFormat_GivesTheImages(int version)
    {
        var data = Open(NpyWriter.Array("|u1", "2, 3, 4", Counting(24), version));

        Assert.Equal((2, 1, 3, 4), (data.Count, data.Channels, data.Height, data.Width));
        Assert.Equal(Enumerable.Range(12, 12).Select(value => value / 255f), Example(data, 1));
    }

    [Theory]
    [InlineData("<f4")]
    [InlineData(">f4")]
    [InlineData("<f8")]
    [InlineData(">f8")]
    public void Read_Floats_KeepsThem(string type)
    {
        float[] values = [0, 0.1234567f, 1, 0.5f];

        var data = Open(NpyWriter.Array(type, "1, 2, 2", [.. values.SelectMany(value => BytesOf(type, value))]));

        Assert.Equal(values, Example(data, 0));
    }

    [Theory]
    [InlineData("|u1")]
    [InlineData("|b1")]
    public void Read_ZerosAndOnes_AreBlackAndWhite(string type) =>
        Assert.Equal([0, 1, 1, 0], Example(Open(NpyWriter.Array(type, "1, 2, 2", [0, 1, 1, 0])), 0));

    [Theory]
    [InlineData("2, 4, 5, 3", "auto", 3, 4, 5)]
    [InlineData("2, 3, 4, 5", "auto", 3, 4, 5)]
    [InlineData("2, 4, 5, 1", "auto", 1, 4, 5)]
    [InlineData("2, 3, 4, 3", "nhwc", 3, 3, 4)]
    [InlineData("2, 3, 4, 3", "nchw", 3, 4, 3)]
    [InlineData("2, 4, 5", "auto", 1, 4, 5)]
    [InlineData("2, 16", "auto", 1, 4, 4)]
    [InlineData("2, 15", "auto", 1, 1, 15)]
    public void Read_Shapes_AreReadAsTheyAreNamed(string shape, string layout, int channels, int height, int width)
    {
        var length = 2 * channels * height * width;
        var data = Open(NpyWriter.Array("|u1", shape, Counting(length)), $"data.layout={layout}");

        Assert.Equal((2, channels, height, width), (data.Count, data.Channels, data.Height, data.Width));
        var isLast = channels == 3 && (layout == "nhwc" || (layout == "auto" && shape.EndsWith(", 3", StringComparison.Ordinal)));
        for (var channel = 0; channel < channels; channel++)
        {
            // The value at row 1 or 0 and column 2 of the second example, by the rule of its layout.
            var row = height > 1 ? 1 : 0;
            var inExample = isLast ? (((row * width) + 2) * channels) + channel : (channel * height * width) + (row * width) + 2;
            var expected = ((length / 2) + inExample) / 255f;
            Assert.Equal(expected, Example(data, 1)[(((channel * height) + row) * width) + 2]);
        }
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void Read_Archive_FindsExamplesLabelsAndFactors(CompressionLevel compression)
    {
        var data = Open(NpyWriter.Archive(
            compression,
            ("imgs", NpyWriter.Array("|u1", "3, 2, 2", Counting(12))),
            ("other", NpyWriter.Array("<f4", "3, 2", new byte[24])),
            ("y", NpyWriter.Array("<i8", "3,", [.. new long[] { 7, 0, 255 }.SelectMany(BitConverter.GetBytes)])),
            ("latents_classes", NpyWriter.Array("<i2", "3, 2", [.. new short[] { 0, 4, 1, 2, 0, 3 }.SelectMany(BitConverter.GetBytes)]))));

        Assert.Equal((3, 2), (data.Count, data.Height));
        Assert.Equal([7, 0, 255], data.Labels!);
        Assert.Equal([2, 5], data.Factors!.Sizes);
        Assert.Equal([1, 2], data.Factors.Of(1).ToArray());
    }

    [Fact]
    public void OpenFactors_ReadsThemAlone_AndOfFilesWithoutThem_None()
    {
        // Half of the pixels are missing, which only whoever reads them would find.
        var archive = NpyWriter.Archive(
            CompressionLevel.NoCompression,
            ("imgs", NpyWriter.Array("|u1", "3, 2, 2", Counting(6))),
            ("factors", NpyWriter.Array("|u1", "3, 2", [0, 4, 1, 2, 0, 3])));
        using var folder = new TemporaryFolder();
        FactorTable? FactorsOf(byte[] content) => DataSources.OpenFactors(ASpec.With("data.source=npy", $"data.path={folder.Write("a.npz", content)}").Data);

        var factors = FactorsOf(archive)!;

        Assert.Equal((3, 2, 5), (factors.Count, factors.Sizes[0], factors.Sizes[1]));
        Assert.Equal([1, 2], factors.Of(1).ToArray());
        Assert.Null(FactorsOf(NpyWriter.Array("|u1", "3, 2, 2", Counting(12))));
    }

    [Fact]
    public void Read_FactorBeyondWhatATableHolds_IsRefused()
    {
        var archive = NpyWriter.Archive(
            CompressionLevel.NoCompression,
            ("imgs", NpyWriter.Array("|u1", "1, 2, 2", Counting(4))),
            ("factors", NpyWriter.Array("<i4", "1, 1", BitConverter.GetBytes(4096))));

        Throws(archive, "PATH", "PATH:factors has 4096; a factor is an index from 0 to 4095. Number the values of each factor from 0, or leave the array out.");
    }

    [Fact]
    public void Read_ArrayThatIsNamed_IsTaken()
    {
        var archive = NpyWriter.Archive(CompressionLevel.Fastest, ("a", NpyWriter.Array("|u1", "1, 2, 2", new byte[4])), ("b", NpyWriter.Array("|u1", "5, 2, 2", new byte[20])));

        Assert.Equal(5, Open(archive, "data.array=b").Count);
        Throws(archive, "PATH", "data.array is not given, and PATH holds a (1x2x2 of |u1), b (5x2x2 of |u1). Set data.array to the one with the examples.");
        Throws(archive, "PATH", "data.array is c, and PATH holds a (1x2x2 of |u1), b (5x2x2 of |u1). Name one of them.", "data.array=c");
    }

    [Fact]
    public void Read_ValuesOutsideOfZeroToOne_SaysWhich()
    {
        static byte[] Of(params float[] values) => NpyWriter.Array("<f4", $"{values.Length / 2}, 1, 2", [.. values.SelectMany(BitConverter.GetBytes)]);

        Throws(Of(0, 1, 255, 3), "PATH", "PATH has 255 in example 1, and its numbers go from 0 to 255; they must lie in [0, 1]. Divide it by 255.");
        Throws(Of(0, -1, 1, 1), "PATH", "PATH has -1 in example 0, and its numbers go from -1 to 1; they must lie in [0, 1]. Scale it, and take out what is not a number.");
        Throws(Of(0, 1, 1, float.NaN), "PATH", "PATH has NaN in example 1, and its numbers go from 0 to 1; they must lie in [0, 1]. Scale it, and take out what is not a number.");
    }

    [Fact]
    public void Read_WhatIsNoArrayOfImages_SaysWhy()
    {
        const string Again = " Save it again with numpy.save, numpy.savez or numpy.savez_compressed.";
        Throws([1, 2, 3], "PATH", "PATH is not a NumPy array; such a file starts with the byte 93 and NUMPY." + Again);
        Throws([], "PATH", "PATH is not a NumPy array; such a file starts with the byte 93 and NUMPY." + Again);
        Throws(NpyWriter.Array("|u1", "1, 1, 1", [0], 4), "PATH", "PATH is of format 4.0; formats 1 to 3 can be read." + Again);
        Throws(NpyWriter.Array("|u1", "1, 1, 1", [0])[..40], "PATH", "PATH ends in the middle of its header." + Again);
        Throws(NpyWriter.Array("|u1", "2, 2, 2", new byte[7]), "PATH", "PATH holds 7 bytes of values, and its header announces 8 (2x2x2 of |u1)." + Again);
        Throws(NpyWriter.Array("<f8", "2, 2, 2", new byte[63]), "PATH", "PATH holds 63 bytes of values, and its header announces 64 (2x2x2 of <f8)." + Again);
        Throws(NpyWriter.Array("|u1", "2, 2, 2", new byte[9]), "PATH", "PATH continues after the values that its header announces (2x2x2 of |u1)." + Again);
        Throws(NpyWriter.Array("<c8", "1, 2, 2", new byte[32]), "PATH", "PATH has values of type <c8; pixels are u1, b1, f4 or f8. Convert it, e.g. with astype('float32').");
        Throws(NpyWriter.Array("|u1", "2, 2, 2", new byte[8], order: "True"), "PATH", "PATH is in Fortran order, the first axis varying fastest. Save numpy.ascontiguousarray(array).");
        Throws(NpyWriter.Array("|u1", "8,", new byte[8]), "PATH", "PATH has the shape 8; images have the axes n,h,w or n,h,w,c or n,c,h,w, vectors n,d. Save an array of one of these shapes.");
        Throws(NpyWriter.Array("|u1", "1, 3, 1, 3", new byte[9]), "PATH", "PATH has the shape 1x3x1x3, and both its second and its last axis can be the 1 or 3 channels of an image. Set data.layout to nchw or nhwc.");
        Throws(NpyWriter.Array("|u1", "1, 2, 2, 2", new byte[8]), "PATH", "PATH has the shape 1x2x2x2, and neither its second nor its last axis can be the 1 or 3 channels of an image. Set data.layout to nchw or nhwc.");
        Throws(NpyWriter.Array("|u1", "1, 2, 2, 2", new byte[8]), "PATH", "PATH has the shape 1x2x2x2, which as nhwc has 2 channels; an image has 1 or 3. Set data.layout to what the array's axes are.", "data.layout=nhwc");
        Throws(NpyWriter.Array("|u1", "0, 2, 2", []), "PATH", "PATH has the shape 0x2x2; each axis must have 1 to 65536 and the first at most 2147483647. Save an array of images.");
        Throws(NpyWriter.Array("|u1", "-1, 2, 2", []), "PATH", "PATH has a shape that is not a list of lengths." + Again);
    }

    [Fact]
    public void Read_MoreThanMemoryHolds_IsRefusedBeforeItIsRead()
    {
        var huge = NpyWriter.Array("|u1", "60000, 3, 256, 256", []);

        Throws(huge, "PATH", "PATH (60000x3x256x256 of |u1) takes 11796480000 bytes in memory as 11796480000 values; at most 2147483591 values can be held here. Split it, or take the source images, which is read from its cache and need not fit in memory.");
    }

    [Fact]
    public void Read_ArchiveThatIsCutOff_SaysSo()
    {
        var archive = NpyWriter.Archive(CompressionLevel.Fastest, ("x", NpyWriter.Array("|u1", "1, 2, 2", new byte[4])));

        var e = Refused(_folder.Write("cut.npz", archive[..^10]), []);

        Assert.StartsWith(Path.Combine(_folder.Path, "cut.npz") + " is a ZIP archive without its end; the file was cut short. Save it again", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileThatIsNotThere_SaysWhereItLooked() =>
        Assert.Equal(
            $"data.path is nowhere.npy, and there is no such file on this silo ({Path.GetFullPath("nowhere.npy")}). Give the .npy or .npz file, as the silos see it.",
            Refused("nowhere.npy", []).Message);

    private Dataset Open(byte[] content, params string[] settings) => DataSources.Open(SpecOf(_folder.Write("x.np", content), settings));

    private void Throws(byte[] content, string placeholder, string message, params string[] settings)
    {
        var path = _folder.Write("bad.np", content);
        Assert.Equal(message.Replace(placeholder, path, StringComparison.Ordinal), Refused(path, settings).Message);
    }

    private static DataException Refused(string path, string[] settings) => Assert.Throws<DataException>(() => DataSources.Open(SpecOf(path, settings)));

    private static DataSpec SpecOf(string path, string[] settings) => ASpec.With(["data.source=npy", $"data.path={path}", .. settings]).Data;

    private static byte[] Counting(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    private static float[] Example(Dataset data, int index)
    {
        var values = new float[data.Dimensions];
        data.CopyTo([index], values);
        return values;
    }

    private static byte[] BytesOf(string type, float value)
    {
        var bytes = new byte[8];
        if (type == "<f4")
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        else if (type == ">f4")
            BinaryPrimitives.WriteSingleBigEndian(bytes, value);
        else if (type == "<f8")
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        else
            BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return bytes[..(type[2] - '0')];
    }
}
