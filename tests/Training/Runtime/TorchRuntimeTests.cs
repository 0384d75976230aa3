using System.Runtime.InteropServices;
using VaeCluster.Training.Runtime;

namespace VaeCluster.Tests.Training.Runtime;

public sealed class TorchRuntimeTests : IDisposable
{
    private static readonly string[] Libraries = ["libLibTorchSharp.so", "libtorch.so", "libtorch_cpu.so", "libc10.so"];

    private readonly string _folder = Directory.CreateTempSubdirectory("torch-runtime-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_OnThisMachine_Loads_AndDoesSoOnce()
    {
        TorchRuntime.Load();
        TorchRuntime.Load();
    }

    [Fact]
    public void LoadFrom_AFolderWithoutLibTorch_NamesWhatIsMissing()
    {
        Write("libLibTorchSharp.so", Elf());
        Write("libtorch.so", Elf());

        AssertFails(
            $"libtorch cannot be loaded: libtorch_cpu.so, libc10.so are not in {_folder}; "
            + $"build or publish vaesilo again, for {RuntimeInformation.RuntimeIdentifier}.");
    }

    [Fact]
    public void LoadFrom_ATruncatedLibrary_SaysSo_RatherThanEndTheProcess()
    {
        foreach (var name in Libraries)
            Write(name, Elf());
        var path = Write("libtorch_cpu.so", Elf()[..^1]);

        AssertFails(
            $"libtorch cannot be loaded: {path} is truncated; "
            + "free space on the disk, delete the file, and build or publish vaesilo again.");
    }

    [Fact]
    public void LoadFrom_AFileThatIsNoLibrary_PassesOnWhatTheLoaderSays()
    {
        foreach (var name in Libraries)
            Write(name, new byte[100]);

        var path = Path.Combine(_folder, Libraries[0]);
        AssertFails($"libtorch cannot be loaded: {path}: invalid ELF header; build or publish vaesilo again on this machine.");
    }

    [Theory]
    [InlineData(
        "Unable to load shared library '/app/libLibTorchSharp.so' or one of its dependencies. Consider strace: \n"
        + "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)\n",
        "libtorch cannot be loaded: this machine's libstdc++.so.6 lacks GLIBCXX_3.4.32, which libLibTorchSharp.so needs; "
        + "build vaesilo on this machine, or anywhere with -p:PatchTorchSharp=always, or run it on Debian 13, Ubuntu 24.04 or newer.")]
    [InlineData(
        "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by /app/libLibTorchSharp.so)",
        "libtorch cannot be loaded: this machine's libstdc++.so.6 lacks GLIBCXX_3.4.30, which libLibTorchSharp.so needs; "
        + "run it on Debian 13, Ubuntu 24.04 or newer.")]
    [InlineData(
        "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /app/libLibTorchSharp.so)",
        "libtorch cannot be loaded: this machine's libc.so.6 lacks GLIBC_2.34, which libLibTorchSharp.so needs; "
        + "run it on Debian 13, Ubuntu 24.04 or newer.")]
    [InlineData(
        "Unable to load shared library\nlibgomp-98b21ff3.so.1: cannot open shared object file: No such file or directory",
        "libtorch cannot be loaded: libgomp-98b21ff3.so.1 is missing; build or publish vaesilo again, or install that library.")]
    [InlineData(
        "/app/libtorch_cpu.so: undefined symbol: FLAGS_x.",
        "libtorch cannot be loaded: /app/libtorch_cpu.so: undefined symbol: FLAGS_x; build or publish vaesilo again on this machine.")]
    public void Describe_NamesWhatIsMissing_AndWhatToDo(string loader, string sentence) =>
        Assert.Equal(sentence, TorchLoadFailure.Describe(loader));

    private void AssertFails(string sentence)
    {
        var failure = Assert.Throws<TorchRuntimeException>(() => TorchRuntime.LoadFrom([_folder]));

        Assert.Equal(sentence, failure.Message);
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>As much of an ELF file as is looked at: its header, and a table of one section that ends it.</summary>
    private static byte[] Elf()
    {
        var file = new byte[128];
        "\u007fELF"u8.CopyTo(file);
        (file[40], file[58], file[60]) = (64, 64, 1);
        return file;
    }
}
