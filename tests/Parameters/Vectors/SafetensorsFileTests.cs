using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using VaeCluster.Contracts;
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
        Assert.Equal(new Dictionary<string, string> { ["format"] = "pt", ["spec"] = "{\"a\": \"é\"}", ["vaecluster.format_version"] = "1" }, file.Metadata);
    }

    [Fact]
    public void Write_VectorOfSeveralParts_IsOneFile()
    {
        var layout = StoreUnderTest.Layout(ParameterLayout.PartLengthMax + 3);
        var store = new StoreUnderTest(layout, 1);
        var path = Path.Combine(_folder.Path, "model.safetensors");

        SafetensorsFile.Write(path, layout, store.Store.AcquireWeights().ToArrays(), new Dictionary<string, string>());

        Assert.Equal(store.Initial, Assert.Single(SafetensorsReader.Read(path).Tensors).Values);
    }

    /// <summary>Found by the fuzzer: it was an EndOfStreamException, which no caller expects.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Read_OfAFileThatIsShorterThanItsFirstNumber_SaysSo(int length)
    {
        var path = _folder.Write("model.safetensors", new byte[length]);

        var e = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(path, StoreUnderTest.Layout(2), [new byte[8]]));

        Assert.Equal($"{path} has {length} bytes, which do not hold the header that a safetensors file begins with.", e.Message);
    }

    /// <summary>Found by the fuzzer: it was an InvalidOperationException.</summary>
    [Fact]
    public void Read_OfAHeaderThatIsNotUtf8_SaysSo()
    {
        var layout = StoreUnderTest.Layout(2);
        var path = Path.Combine(_folder.Path, "model.safetensors");
        SafetensorsFile.Write(path, layout, [new byte[8]], new Dictionary<string, string>());
        var content = File.ReadAllBytes(path);
        content[content.AsSpan().IndexOf("\"1\""u8) + 1] = 0x80;
        File.WriteAllBytes(path, content);

        var e = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(path, layout, [new byte[8]]));

        Assert.Equal($"The header of {path} has text that is not UTF-8.", e.Message);
    }

    [Fact]
    public void Write_OverAnOlderFile_ReplacesItAndLeavesNothingBeside()
    {
        var layout = StoreUnderTest.Layout(2);
        var path = _folder.Write("model.safetensors", new byte[1000]);

        SafetensorsFile.Write(path, layout, [new byte[8]], new Dictionary<string, string>());

        Assert.Equal([0f, 0f], Assert.Single(SafetensorsReader.Read(path).Tensors).Values);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Write_WhereItCannot_KeepsTheOlderFile()
    {
        var path = _folder.Write("model.safetensors", 1, 2, 3);

        // Parts that cannot be read: the header is written by then.
        Assert.Throws<InvalidOperationException>(() => SafetensorsFile.Write(path, StoreUnderTest.Layout(2), default(ImmutableArray<byte[]>), new Dictionary<string, string>()));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"__metadata__\":{\"vaecluster.format_version\":\"1\"},\"weight\":null}")]
    [InlineData("{\"__metadata__\":{\"vaecluster.format_version\":\"1\"},\"weight\":7}")]
    [InlineData("{\"__metadata__\":{\"vaecluster.format_version\":\"1\"},\"weight\":{}}")]
    [InlineData("{\"__metadata__\":{\"vaecluster.format_version\":\"1\"},\"weight\":{\"dtype\":\"F32\",\"shape\":null,\"data_offsets\":[0,8]}}")]
    [InlineData("{\"__metadata__\":{\"vaecluster.format_version\":\"1\"},\"weight\":{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"__metadata__\":{\"vaecluster.format_version\":\"1\"},\"weight\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"__metadata__\":{\"vaecluster.format_version\":\"1\"},\"weight\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}")]
    [InlineData("{\"__metadata__\":{\"vaecluster.format_version\":\"1\"},\"other\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}")]
    [InlineData("{")]
    public void Read_HeaderOfSomethingElse_SaysSo(string header)
    {
        var path = _folder.Write("model.safetensors", [.. BitConverter.GetBytes((long)header.Length), .. Encoding.ASCII.GetBytes(header), .. new byte[8]]);
        var layout = new ParameterLayout([("weight", [2], false)]);

        var e = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(path, layout, [new byte[8]]));

        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "states no format version")]
    [InlineData("{\"__metadata__\":{\"format\":\"pt\"},", "states no format version")]
    [InlineData("{\"__metadata__\":{\"vaecluster.format_version\":\"2\"},", "has format version 2")]
    public void Read_OfAnotherFormatVersion_SaysWhichIsRead(string start, string found)
    {
        var header = start + "\"weight\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        var path = _folder.Write("model.safetensors", [.. BitConverter.GetBytes((long)header.Length), .. Encoding.ASCII.GetBytes(header), .. new byte[8]]);

        var e = Assert.Throws<FormatVersionException>(() => SafetensorsFile.Read(path, new ParameterLayout([("weight", [2], false)]), [new byte[8]]));

        Assert.Equal($"{path} {found}; this build reads version 1. Use the build that wrote the file, or submit the run again.", e.Message);
    }

    [Fact]
    public void Sha256_OfParts_IsThatOfTheWholeVector()
    {
        var bytes = RandomNumberGenerator.GetBytes(100);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), SafetensorsFile.Sha256([bytes[..32], bytes[32..96], bytes[96..]]));
    }
}
