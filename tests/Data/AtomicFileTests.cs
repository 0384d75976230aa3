using VaeCluster.Data;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string PathOfFile => Path.Combine(_folder.Path, "sub", "file");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_AFileAndItsFolder_LeavesNothingElse()
    {
        AtomicFile.Write(PathOfFile, [1, 2]);
        Assert.Equal([1, 2], await File.ReadAllBytesAsync(PathOfFile, TestContext.Current.CancellationToken));

        await AtomicFile.WriteAsync(PathOfFile, new byte[] { 3 }, TestContext.Current.CancellationToken);

        Assert.Equal([3], await File.ReadAllBytesAsync(PathOfFile, TestContext.Current.CancellationToken));
        Assert.Equal([PathOfFile], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Write_ThatFailsHalfway_LeavesTheFileAsItWas()
    {
        AtomicFile.Write(PathOfFile, [1, 2]);

        Assert.Throws<IOException>(() => AtomicFile.Write(PathOfFile, file =>
        {
            file.WriteByte(9);
            throw new IOException("The disk is full.");
        }));
        await Assert.ThrowsAsync<IOException>(() => AtomicFile.WriteAsync(PathOfFile, async file =>
        {
            await file.WriteAsync(new byte[] { 9 }, TestContext.Current.CancellationToken);
            throw new IOException("The disk is full.");
        }));

        Assert.Equal([1, 2], await File.ReadAllBytesAsync(PathOfFile, TestContext.Current.CancellationToken));
        Assert.Equal([PathOfFile], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Write_WhileAnotherWritesTheSame_KeepsThemApart()
    {
        AtomicFile.Write(PathOfFile, outer =>
        {
            outer.WriteByte(1);
            AtomicFile.Write(PathOfFile, [2]);
            Assert.Equal([2], File.ReadAllBytes(PathOfFile));
        });

        Assert.Equal([1], File.ReadAllBytes(PathOfFile));
    }
}
