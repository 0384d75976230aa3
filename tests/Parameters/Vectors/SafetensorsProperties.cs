using System.Runtime.InteropServices;
using CsCheck;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Parameters.Support;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Parameters.Vectors;

/// <summary>What is written is what is read, by the product's reader and by one that knows only the format. A failure prints its seed.</summary>
public sealed class SafetensorsProperties : IDisposable
{
    private static readonly Gen<long[]> Shape = Gen.Long[0, 4].Array[0, 3];

    private static readonly Gen<(string Name, long[] Shape, bool IsBuffer)[]> Tensors =
        Gen.Select(Gen.Char["abz.0_\"\\ é"].Array[1, 9].Select(name => new string(name)), Shape, Gen.Bool).Array[1, 5]
            .Select(tensors => tensors.DistinctBy(tensor => tensor.Item1).OrderBy(tensor => tensor.Item3).ToArray());

    private static readonly Gen<((string Name, long[] Shape, bool IsBuffer)[] Tensors, float[] Values)> Files =
        from tensors in Tensors
        let count = (int)tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (a, b) => a * b))
        from bits in Gen.UInt.Array[count]
        select (tensors, bits.Select(BitConverter.UInt32BitsToSingle).ToArray());

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Every bit pattern, those that are no numbers among them.</summary>
    [Fact]
    public void Write_ThenRead_IsTheSame() => Files.Sample(
        test =>
        {
            var layout = new ParameterLayout(test.Tensors.Select(tensor => (tensor.Name, (IReadOnlyList<long>)tensor.Shape, tensor.IsBuffer)));
            var path = Path.Combine(_folder.Path, "model.safetensors");
            var bytes = MemoryMarshal.AsBytes(test.Values.AsSpan()).ToArray();

            SafetensorsFile.Write(path, layout, [bytes], new Dictionary<string, string>());

            var read = new byte[bytes.Length];
            SafetensorsFile.Read(path, layout, [read]);
            Assert.Equal(bytes, read);
            var plain = SafetensorsReader.Read(path);
            Assert.Equal(test.Tensors.Select(tensor => tensor.Name), plain.Tensors.Select(tensor => tensor.Name));
            Assert.Equal(test.Tensors.Select(tensor => tensor.Shape), plain.Tensors.Select(tensor => tensor.Shape.ToArray()));
            Assert.Equal(bytes, MemoryMarshal.AsBytes(plain.Tensors.SelectMany(tensor => tensor.Values).ToArray().AsSpan()).ToArray());
        },
        threads: 1);
}
