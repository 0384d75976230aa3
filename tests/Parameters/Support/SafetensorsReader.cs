using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace VaeCluster.Tests.Parameters.Support;

/// <summary>A tensor that a safetensors file holds.</summary>
internal sealed record StoredTensor(string Name, long[] Shape, float[] Values);

/// <summary>Reads safetensors files as the format's description has it, and refuses what that forbids.</summary>
internal sealed record SafetensorsReader(IReadOnlyList<StoredTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    public static SafetensorsReader Read(string path)
    {
        var file = File.ReadAllBytes(path);
        var headerLength = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file));
        // The format allows 100 MB of header at most, which starts with a brace, may end in spaces, and leaves the data aligned.
        Assert.InRange(headerLength, 2, 100_000_000);
        Assert.Equal(0, (8 + headerLength) % 8);
        Assert.Equal((byte)'{', file[8]);
        using var header = JsonDocument.Parse(file.AsMemory(8, headerLength), new JsonDocumentOptions { AllowDuplicateProperties = false });

        var data = file.AsSpan(8 + headerLength);
        var entries = header.RootElement.EnumerateObject().ToList();
        var tensors = new List<StoredTensor>();
        foreach (var entry in entries.Where(entry => entry.Name != "__metadata__").OrderBy(entry => Offsets(entry.Value).Start))
        {
            var (start, end) = Offsets(entry.Value);
            Assert.Equal(["data_offsets", "dtype", "shape"], entry.Value.EnumerateObject().Select(property => property.Name).Order());
            Assert.Equal("F32", entry.Value.GetProperty("dtype").GetString());
            var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
            Assert.Equal(tensors.Sum(tensor => 4L * tensor.Values.Length), start);
            Assert.Equal(4 * shape.Aggregate(1L, (product, size) => product * size), end - start);
            tensors.Add(new(entry.Name, shape, MemoryMarshal.Cast<byte, float>(data[(int)start..(int)end]).ToArray()));
        }
        Assert.Equal(data.Length, tensors.Sum(tensor => 4L * tensor.Values.Length));
        var metadata = entries.Where(entry => entry.Name == "__metadata__").SelectMany(entry => entry.Value.EnumerateObject());
        return new(tensors, metadata.ToDictionary(property => property.Name, property => property.Value.GetString()!));
    }

    private static (long Start, long End) Offsets(JsonElement entry)
    {
        var offsets = entry.GetProperty("data_offsets");
        Assert.Equal(2, offsets.GetArrayLength());
        return (offsets[0].GetInt64(), offsets[1].GetInt64());
    }
}
