using System.Runtime.InteropServices;
using CsCheck;
using VaeCluster.Data;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data;

/// <summary>Every array that is written is read back, and every part of a file that is cut off is noticed. A failure prints its seed.</summary>
public sealed class ArrayFileProperties : IDisposable
{
    private static readonly Gen<(int[] Shape, byte[] Values)> Images =
        from shape in Gen.Select(Gen.Int[2, 5], Gen.Int[2, 7], Gen.Int[2, 7])
        from values in Gen.Byte.Array[shape.Item1 * shape.Item2 * shape.Item3]
        select (new[] { shape.Item1, shape.Item2, shape.Item3 }, values);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Idx_OfAnyImages_IsReadAsItIs_ZippedOrNot() => Gen.Select(Images, Gen.Bool).Sample(
        test =>
        {
            var ((shape, values), isZipped) = test;
            var content = IdxFile.Of(8, shape, values);
            var path = _folder.Write(isZipped ? "images.gz" : "images", isZipped ? IdxFile.Gzipped(content) : content);

            AssertIs(IdxSource.Read(path), shape, values);
        },
        threads: 1);

    [Fact]
    public void Idx_CutOffAnywhere_IsRefused() => Gen.Select(Images, Gen.Double[0, 0.999]).Sample(
        test =>
        {
            var content = IdxFile.Of(8, test.Item1.Shape, test.Item1.Values);

            Assert.Throws<DataException>(() => IdxSource.Read(_folder.Write("images", content[..(int)(content.Length * test.Item2)])));
        },
        threads: 1);

    [Fact]
    public void Npy_OfAnyImages_IsReadAsItIs() => Gen.Select(Images, Gen.Int[1, 3]).Sample(
        test =>
        {
            var ((shape, values), version) = test;
            // All below 2 would be read as zeros and ones.
            values[0] = byte.MaxValue;

            AssertIs(Open(NpyWriter.Array("|u1", string.Join(", ", shape), values, version)), shape, values);
        },
        threads: 1);

    [Fact]
    public void Npy_OfAnyFloats_IsReadAsItIs() => Gen.Float[0, 1].Array[2 * 2 * 3].Sample(
        values =>
        {
            var data = Open(NpyWriter.Array("<f4", "2, 2, 3", MemoryMarshal.AsBytes(values.AsSpan()).ToArray()));

            var read = new float[values.Length];
            data.CopyTo([0, 1], read);
            Assert.Equal(values, read);
        },
        threads: 1);

    [Fact]
    public void Npy_CutOffAnywhere_IsRefused() => Gen.Select(Images, Gen.Double[0, 0.999]).Sample(
        test =>
        {
            var content = NpyWriter.Array("|u1", string.Join(", ", test.Item1.Shape), test.Item1.Values);

            Assert.Throws<DataException>(() => Open(content[..(int)(content.Length * test.Item2)]));
        },
        threads: 1);

    private static void AssertIs(Dataset data, int[] shape, byte[] values)
    {
        Assert.Equal((shape[0], 1, shape[1], shape[2]), (data.Count, data.Channels, data.Height, data.Width));
        var read = new float[values.Length];
        data.CopyTo([.. Enumerable.Range(0, shape[0])], read);
        Assert.Equal(values.Select(value => value / 255f), read);
    }

    private Dataset Open(byte[] content) => DataSources.Open(ASpec.With("data.source=npy", $"data.path={_folder.Write("x.npy", content)}", "data.layout=nhw").Data);
}
