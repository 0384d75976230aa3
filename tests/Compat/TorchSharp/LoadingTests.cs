using TorchSharp.Native;

namespace Compat.TorchSharp.Tests;

public sealed class LoadingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("torch-loading-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_WithoutTheLibrary_SaysWhereItBelongs()
    {
        var path = Path.Combine(_folder.FullName, "libvaecluster_torch.so");

        var error = Assert.Throws<DllNotFoundException>(() => NativeLibraryLoader.Load(path));

        Assert.Equal(
            $"{path} was not found. It is built together with VaeCluster.Compat.TorchSharp.dll and has to lie in the program's folder: build again, and copy both.",
            error.Message);
    }

    [Fact]
    public void Load_OfALibraryThatDoesNotLoad_SaysWhatToInstall()
    {
        var path = Path.Combine(_folder.FullName, "libvaecluster_torch.so");
        File.WriteAllText(path, "no library");

        var error = Assert.Throws<DllNotFoundException>(() => NativeLibraryLoader.Load(path));

        Assert.StartsWith($"{path} was found but could not be loaded; most likely libtorch is not installed.", error.Message, StringComparison.Ordinal);
        Assert.Contains("libtorch-dev and libopenblas0-openmp", error.Message, StringComparison.Ordinal);
    }
}
