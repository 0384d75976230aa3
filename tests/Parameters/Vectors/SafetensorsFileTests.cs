using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Parameters.Store;
using VaeCluster.Tests.Parameters.Support;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Parameters.Vectors;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("w")]
    [InlineData("we")]
    [InlineData("wei")]
    [InlineData("encoder.0.\"weight\" é")] // Every length of the header modulo eight occurs among these and the next.
    [InlineData("weig")]
    [InlineData("weigh")]
    [InlineData("weight")]
    [InlineData("weights")]
    [InlineData("weights.")]
    public void Write_ThenRead_IsTheSame(string name)
    {
        var layout = new ParameterLayout([(name, [2, 3], false), ("scalar", [], false), ("running_var", [4], true)]);
        var values = Enumerable.Range(0, 11).Select(i => MathF.Exp(i)).ToArray();
        var path = Path.Combine(_folder.Path, "model.safetensors");

        SafetensorsFile.Write(path, layout, [MemoryMarshal.AsBytes(values.AsSpan()).ToArray()], new Dictionary<string, string> { ["format"] = "pt", ["spec"] = "{\"a\": \"é\"}" });

        var file = SafetensorsReader.Read(path);
        Assert.Equal([name, "scalar", "running_var"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([[2, 3], [], [4]], file.Tensors.Select(tensor => tensor.Shape));
        Assert.Equal(values, file.Tensors.SelectMany(tensor => tensor.Values));
        Assert.Equal(new Dictionary<string, string> { ["format"] = "pt", ["spec"] = "{\"a\": \"é\"}" }, file.Metadata);
    }

    [Fact]
    public void Write_VectorOfSeveralParts_IsOneFile()
    {
        var layout = StoreUnderTest.Layout(ParameterLayout.PartLengthMax + 3);
        var store = new StoreUnderTest(layout, 1);
        var path = Path.Combine(_folder.Path, "model.safetensors");

        SafetensorsFile.Write(path, layout, store.Store.Weights.Parts, new Dictionary<string, string>());

        Assert.Equal(store.Initial, Assert.Single(SafetensorsReader.Read(path).Tensors).Values);
    }

    [Fact]
    public void Write_OverAnOlderFile_ReplacesItAndLeavesNothingBeside()
    {
        var layout = StoreUnderTest.Layout(2);
        var path = _folder.Write("model.safetensors", new byte[1000]);
        _folder.Write("model.safetensors.partial", new byte[5000]);

        SafetensorsFile.Write(path, layout, [new byte[8]], new Dictionary<string, string>());

        Assert.Equal([0f, 0f], Assert.Single(SafetensorsReader.Read(path).Tensors).Values);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Write_WhereItCannot_KeepsTheOlderFile()
    {
        var path = _folder.Write("model.safetensors", 1, 2, 3);
        Directory.CreateDirectory(path + ".partial");

        Assert.ThrowsAny<Exception>(() => SafetensorsFile.Write(path, StoreUnderTest.Layout(2), [new byte[8]], new Dictionary<string, string>()));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"weight\":null}")]
    [InlineData("{\"weight\":7}")]
    [InlineData("{\"weight\":{}}")]
    [InlineData("{\"weight\":{\"dtype\":\"F32\",\"shape\":null,\"data_offsets\":[0,8]}}")]
    [InlineData("{\"weight\":{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"weight\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"weight\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}")]
    [InlineData("{\"other\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}")]
    [InlineData("{")]
    public void Read_HeaderOfSomethingElse_SaysSo(string header)
    {
        var path = _folder.Write("model.safetensors", [.. BitConverter.GetBytes((long)header.Length), .. Encoding.ASCII.GetBytes(header), .. new byte[8]]);
        var layout = new ParameterLayout([("weight", [2], false)]);

        var fault = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(path, layout, [new byte[8]]));

        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sha256_OfParts_IsThatOfTheWholeVector()
    {
        var bytes = RandomNumberGenerator.GetBytes(100);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), SafetensorsFile.Sha256([bytes[..32], bytes[32..96], bytes[96..]]));
    }
}
