using VaeCluster.Data;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data;

/// <summary>One budget for all data of a silo.</summary>
public sealed class DataMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DataMemory _memory = new(100);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_BeyondTheBudget_IsRefusedWithTheNumbers()
    {
        var first = Open("images", IdxFile.Images(10, 2, 2));

        var e = Assert.Throws<DataException>(() => Open("more", IdxFile.Images(20, 2, 2)));

        Assert.Equal(
            $"{_folder.Path}/more (20x2x2) takes 80 bytes in memory; data may take 100 bytes on this silo, and 40 of them are in use. Use fewer or smaller examples, wait until other runs have ended, or start the silo with a larger --data-memory.",
            e.Message);
        Assert.Equal(40, _memory.UsedBytes);
        first.Dispose();
        Assert.Equal(0, _memory.UsedBytes);
    }

    [Fact]
    public void Dispose_GivesTheMemoryBack_Once()
    {
        var data = Open("images", IdxFile.Images(20, 2, 2));

        data.Dispose();
        data.Dispose();

        Assert.Equal(0, _memory.UsedBytes);
        using var another = Open("images", IdxFile.Images(20, 2, 2));
        Assert.Equal(80, _memory.UsedBytes);
    }

    [Fact]
    public void Open_ThatFails_KeepsNothing()
    {
        Assert.Throws<DataException>(() => Open("images", IdxFile.Images(10, 2, 2)[..^1]));

        Assert.Equal(0, _memory.UsedBytes);
    }

    [Fact]
    public void Open_OfShapesAndArrays_CountsToo()
    {
        var memory = new DataMemory(200);
        var access = new DataAccess { Memory = memory };
        using var shapes = DataSources.Open(ASpec.With("data.count=2", "data.imageSize=8", "data.test=0").Data, access);
        var floats = _folder.Write("x.npy", NpyWriter.Array("<f4", "2, 2, 2", new byte[32]));

        using var array = DataSources.Open(ASpec.With("data.source=npy", $"data.path={floats}").Data, access);

        Assert.Equal(128 + 32, memory.UsedBytes);
    }

    private Dataset Open(string name, byte[] content)
    {
        var spec = ASpec.With("data.source=idx", $"data.path={_folder.Write(name, content)}").Data;
        return DataSources.Open(spec, new DataAccess { Memory = _memory });
    }
}
